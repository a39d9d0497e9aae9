internal import CSpawn
internal import Glibc

/// The pipes to the stdin, stdout and stderr of a child, all ends close-on-exec.
struct ChildPipes {
    struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws(SpawnFailure) {
            var ends: [Int32] = [-1, -1]
            let error = cspawn_pipe(&ends)
            guard error == 0 else { throw SpawnFailure(.pipes, errorNumber: error, doing: "cannot make a pipe") }
            (reading, writing) = (ends[0], ends[1])
        }

        func close() {
            _ = Glibc.close(reading)
            _ = Glibc.close(writing)
        }
    }

    let input: Pipe
    let output: Pipe
    let error: Pipe

    /// Makes all three or none.
    init() throws(SpawnFailure) {
        input = try Pipe()
        do throws(SpawnFailure) {
            output = try Pipe()
        } catch {
            input.close()
            throw error
        }
        do throws(SpawnFailure) {
            error = try Pipe()
        } catch {
            input.close()
            output.close()
            throw error
        }
    }

    /// Closes the ends of the child, which has its own copies.
    func closeChildEnds() {
        _ = close(input.reading)
        _ = close(output.writing)
        _ = close(error.writing)
    }

    /// Closes our ends, where nobody will take them over.
    func closeParentEnds() {
        _ = close(input.writing)
        _ = close(output.reading)
        _ = close(error.reading)
    }

    /// Closes everything.
    func closeAll() {
        input.close()
        output.close()
        error.close()
    }
}
