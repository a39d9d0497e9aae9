internal import CSpawn
internal import Glibc

/// The pipes to the stdin, stdout and stderr of a child, all ends close-on-exec.
struct ChildPipes {
    struct Pipe {
        let reading: Int32
        let writing: Int32

        /// - Parameter capacity: how many bytes it should hold; the system decides if nil, or if it refuses.
        init(capacity: Int32? = nil) throws(SpawnFailure) {
            var ends: [Int32] = [-1, -1]
            let error = cspawn_pipe(&ends)
            guard error == 0 else { throw SpawnFailure(.pipes, errorNumber: error, doing: "cannot make a pipe") }
            (reading, writing) = (ends[0], ends[1])
            if let capacity { cspawn_pipe_widen(writing, capacity) }
        }

        func close() {
            _ = Glibc.close(reading)
            _ = Glibc.close(writing)
        }
    }

    /// Four times the system's default: a long message then takes fewer turns between us and the child.
    private static let capacity: Int32 = 256 << 10

    let input: Pipe
    let output: Pipe
    let error: Pipe

    /// Makes all three or none.
    init() throws(SpawnFailure) {
        input = try Pipe(capacity: Self.capacity)
        do throws(SpawnFailure) {
            output = try Pipe(capacity: Self.capacity)
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
