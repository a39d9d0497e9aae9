internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Spawn

/// A process that is measured. It dies with the load generator.
struct ServerProcess: Sendable {
    let processID: Int32
    private let process: SpawnedProcess
    private let exited: EventLoopFuture<Void>

    /// Starts a program.
    ///
    /// - Parameter core: the one that it runs on; the load generator's if nil.
    static func start(
        _ command: [String], core: Int?, with spawner: ProcessSpawner, on eventLoop: any EventLoop
    ) async throws -> ServerProcess {
        let arguments = Pinning.command(command, core: core)
        let executable = arguments == command ? command[0] : Pinning.program
        let spawned = eventLoop.makePromise(of: SpawnedProcess.self)
        let exited = eventLoop.makePromise(of: Void.self)
        do throws(SpawnFailure) {
            try spawner.spawn(
                SpawnRequest(
                    executable: executable, arguments: arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
            ) {
                spawned.completeWith($0.mapError { $0 })
            } onExit: { _ in
                exited.succeed(())
            }
        } catch {
            spawned.fail(error)
            exited.succeed(())
        }
        let process = try await spawned.futureResult.get()
        _ = close(process.standardInput)
        for output in [process.standardOutput, process.standardError] {
            _ = try await NIOPipeBootstrap(group: eventLoop)
                .channelInitializer { $0.pipeline.addHandler(OutputRelay()) }
                .takingOwnershipOfDescriptor(input: output).get()
        }
        return ServerProcess(processID: process.processID, process: process, exited: exited.futureResult)
    }

    /// Asks it to end, and returns when it has.
    func stop() async throws {
        process.signalGroup(SIGTERM)
        try await exited.get()
    }
}

/// Shows what a server under measurement says: it should say nothing.
private final class OutputRelay: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        _ = bytes.withUnsafeReadableBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// Which core a program runs on.
enum Pinning {
    static let program = "/usr/bin/taskset"

    /// The command that runs `command` on `core`.
    static func command(_ command: [String], core: Int?) -> [String] {
        core.map { [program, "-c", String($0)] + command } ?? command
    }
}
