internal import CSpawn
internal import Glibc

/// A running guard, as the spawner's thread sees it. `docs/guard.md` says why what it knows is always right.
struct Guard {
    let processID: pid_t
    /// Readable when it has ended.
    let pidfd: Int32
    /// Our end of its pipe.
    let pipe: Int32

    /// Starts the program. It outlives the calling thread and process.
    init(_ program: GuardProgram) throws(SpawnFailure) {
        let request = program.request
        try request.validate()
        let pipe = try Self.makePipe()
        defer { _ = close(pipe.reading) }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { _ = close(null) }
        do throws(SpawnFailure) {
            let process = try StartedProcess(
                request, streams: StandardStreams(input: pipe.reading, output: null, error: null), bond: .none)
            (processID, pidfd) = (process.processID, process.pidfd)
            self.pipe = pipe.writing
        } catch {
            _ = close(pipe.writing)
            throw error
        }
    }

    private static func makePipe() throws(SpawnFailure) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let error = cspawn_guard_pipe(&ends)
        guard error == 0 else { throw SpawnFailure(.pipes, errorNumber: error, doing: "cannot make a pipe") }
        return (ends[0], ends[1])
    }

    /// Says that a group exists from now on.
    func tellBegan(_ group: pid_t) {
        tell(group, cspawn_group_began)
    }

    /// Says that a group is gone, or released on purpose. To be called before its leader is collected: until then the
    /// number cannot belong to anybody else.
    func tellGone(_ group: pid_t) {
        tell(group, cspawn_group_is_gone)
    }

    /// Never blocks. A guard that cannot be told (it is dead, or did not read 16384 records) knows something wrong
    /// from now on, so it is killed; its successor is told everything anew.
    private func tell(_ group: pid_t, _ change: cspawn_change) {
        if cspawn_tell_guard(pipe, group, change) != 0 { cspawn_kill(pidfd) }
    }

    /// Lets go of a guard that has ended and was collected. While it lived, the end of its pipe would mean to it that
    /// we are dead.
    func closeDescriptors() {
        _ = close(pidfd)
        _ = close(pipe)
    }
}
