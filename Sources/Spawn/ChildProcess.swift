internal import CSpawn
internal import Glibc

/// A process just started, with pipes to it, before anybody watches it.
struct ChildProcess {
    let processID: pid_t
    let pidfd: Int32
    let pipes: ChildPipes

    /// Starts the program. The process dies with the calling thread, and the rest of its group by the guard.
    init(_ request: SpawnRequest, guardedBy guardian: Guard? = nil) throws(SpawnFailure) {
        try request.validate()
        let pipes = try ChildPipes()
        let streams = StandardStreams(
            input: pipes.input.reading, output: pipes.output.writing, error: pipes.error.writing)
        do throws(SpawnFailure) {
            let process = try StartedProcess(request, streams: streams, bond: .parent(guardian))
            (processID, pidfd) = (process.processID, process.pidfd)
        } catch {
            pipes.closeAll()
            throw error
        }
        pipes.closeChildEnds()
        self.pipes = pipes
    }
}
