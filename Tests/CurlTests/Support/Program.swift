import Foundation

/// A program that a test needs beside itself.
final class Program {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let input = Pipe()

    /// The first line that it printed.
    let firstLine: String

    /// Starts a program that is looked for in PATH, and waits for its first line. It is to end with its stdin.
    init(_ arguments: [String]) async throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let (pieces, continuation) = AsyncStream<Data>.makeStream()
        output.fileHandleForReading.readabilityHandler = { continuation.yield($0.availableData) }
        var text = Data()
        for await piece in pieces {
            text += piece
            if piece.isEmpty || text.contains(UInt8(ascii: "\n")) { break }
        }
        output.fileHandleForReading.readabilityHandler = nil
        firstLine = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        if firstLine.isEmpty { throw Failure(description: "\(arguments.joined(separator: " ")) said nothing") }
    }

    deinit {
        try? input.fileHandleForWriting.close()
    }

    /// Runs a program to its end.
    static func run(_ arguments: [String], in directory: URL) async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        if status != 0 { throw Failure(description: "\(arguments.joined(separator: " ")): status \(status)") }
    }

    /// Whether there is a program of this name in PATH.
    static func isInstalled(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }

    /// One of the servers beside these tests.
    static func server(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(components: "Servers", name).path
    }
}
