import Glibc
import Synchronization

@testable import Spawn

/// One spawner for all tests of this target: it cannot be got rid of, so one is made.
enum Harness {
    private static let spawner = Result { () throws(SpawnFailure) in try ProcessSpawner() }

    /// Starts a program and returns when it runs.
    static func spawn(_ request: SpawnRequest, with spawner: ProcessSpawner? = nil) async throws -> RunningChild {
        let exit = ExitPromise()
        let spawner = try spawner ?? Self.spawner.get()
        let process = try await withCheckedThrowingContinuation { continuation in
            do throws(SpawnFailure) {
                try spawner.spawn(request) {
                    continuation.resume(with: $0)
                } onExit: {
                    exit.fulfil($0)
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        return RunningChild(process: process, exit: exit)
    }

    /// Starts `sh -c script`.
    static func shell(
        _ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"], workingDirectory: String? = nil,
        killsGroupAtExit: Bool = true
    ) async throws -> RunningChild {
        try await spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["sh", "-c", script], environment: environment,
                workingDirectory: workingDirectory, killsGroupAtExit: killsGroupAtExit))
    }
}

/// A child under test. Whatever happens, it does not survive the test: dropping this kills it.
final class RunningChild: Sendable {
    let process: SpawnedProcess
    private let exit: ExitPromise
    private let inputIsOpen = Mutex(true)

    init(process: SpawnedProcess, exit: ExitPromise) {
        self.process = process
        self.exit = exit
    }

    deinit {
        process.signalGroup(SIGKILL)
        closeInput()
        close(process.standardOutput)
        close(process.standardError)
    }

    /// How it ended, once it has.
    var exitStatus: ExitStatus {
        get async { await exit.value }
    }

    /// How many ends were reported so far.
    var exitReports: Int { exit.reports }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.write(process.standardInput, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func closeInput() {
        inputIsOpen.withLock { isOpen in
            if isOpen { close(process.standardInput) }
            isOpen = false
        }
    }

    /// The next line of stdout without its newline, or what came before its end.
    func readLine() async -> String {
        let descriptor = process.standardOutput
        return await onThread {
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
            return String(decoding: line, as: UTF8.self)
        }
    }

    /// All that is left of stdout, to its end.
    func readToEnd() async -> String { await Self.readToEnd(process.standardOutput) }

    /// All of stderr, to its end.
    func readErrorToEnd() async -> String { await Self.readToEnd(process.standardError) }

    private static func readToEnd(_ descriptor: Int32) async -> String {
        await onThread {
            var all: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while case let count = read(descriptor, &chunk, chunk.count), count > 0 {
                all.append(contentsOf: chunk.prefix(count))
            }
            return String(decoding: all, as: UTF8.self)
        }
    }
}

/// The end of a child, which comes once; later ones are counted.
final class ExitPromise: Sendable {
    private struct State {
        var status: ExitStatus?
        var reports = 0
        var waiters: [CheckedContinuation<ExitStatus, Never>] = []
    }

    private let state = Mutex(State())

    var reports: Int { state.withLock { $0.reports } }

    func fulfil(_ status: ExitStatus) {
        let waiters = state.withLock { state in
            state.reports += 1
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        waiters.forEach { $0.resume(returning: status) }
    }

    var value: ExitStatus {
        get async {
            await withCheckedContinuation { continuation in
                let status = state.withLock { state -> ExitStatus? in
                    if state.status == nil { state.waiters.append(continuation) }
                    return state.status
                }
                if let status { continuation.resume(returning: status) }
            }
        }
    }
}

/// Runs something that blocks on a thread of its own, so that the few threads of the pool stay free.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        startThread { continuation.resume(returning: body()) }
    }
}

/// Starts a thread that ends with the body.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let error = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
    precondition(error == 0, "pthread_create: \(error)")
    pthread_detach(thread)
}
