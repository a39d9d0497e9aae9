import Dispatch
import Foundation

/// A program that a test needs beside itself, looked for in PATH. Not by Foundation's `Process`, which leaks.
final class Program: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The first line that it printed.
    let firstLine: String
    private let processID: pid_t
    private let input: Int32

    /// Starts a program and waits for its first line. It is to end with its stdin.
    init(_ arguments: [String]) async throws {
        let input = try Self.pipe()
        let output = try Self.pipe()
        processID = try Self.spawn(arguments, input: input.reading, output: output.writing)
        self.input = input.writing
        close(input.reading)
        close(output.writing)
        firstLine = await Self.elsewhere {
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(output.reading, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
            close(output.reading)
            return String(decoding: line, as: UTF8.self)
        }
        if firstLine.isEmpty { throw Failure(description: "\(arguments.joined(separator: " ")): said nothing") }
    }

    deinit {
        close(input)
        let processID = processID
        DispatchQueue.global().async { waitpid(processID, nil, 0) }
    }

    /// Runs a program to its end, which is to be a success.
    static func run(_ arguments: [String]) async throws {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let processID = try spawn(arguments, input: null, output: null, error: null)
        let status = await elsewhere {
            var status: Int32 = 0
            waitpid(processID, &status, 0)
            return status
        }
        if status != 0 { throw Failure(description: "\(arguments.joined(separator: " ")): status \(status)") }
    }

    private static func spawn(
        _ arguments: [String], input: Int32, output: Int32, error: Int32 = 2
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
        var strings = arguments.map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        var processID: pid_t = 0
        let result = posix_spawnp(&processID, arguments[0], &actions, nil, &strings, environ)
        if result != 0 { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(result)))") }
        return processID
    }

    /// A pair of sockets, since Swift has no pipe2(2): no other program shall inherit these.
    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failure(description: "socketpair: \(errno)") }
        return (ends[0], ends[1])
    }

    /// What blocks, on a thread that no other test waits for.
    private static func elsewhere<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    /// Whether there is a program of this name in PATH.
    static func isInstalled(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            access("\($0)/\(name)", X_OK) == 0
        }
    }

    /// The path of one of the servers beside these tests.
    static func server(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(components: "Servers", name).path
    }
}
