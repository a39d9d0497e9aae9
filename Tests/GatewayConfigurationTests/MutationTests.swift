import Foundation
import FuzzSupport
import GatewayConfiguration
import Testing

/// Whatever becomes of a file, the decoder answers with a value or with an error that has a place in that file.
@Suite("Damaged configuration files")
struct MutationTests {
    private static func source(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: GoldenTests.folder.appending(path: "\(name).json")))
    }

    private func check(_ bytes: [UInt8], _ comment: @autoclosure () -> Comment) {
        let (configuration, diagnostics) = GoldenTests.decode(bytes, fileName: "damaged.json")
        #expect(configuration != nil || diagnostics.containErrors, comment())
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for diagnostic in diagnostics where !GoldenFiles.names.contains(diagnostic.file) {
            guard diagnostic.file == "damaged.json", let position = diagnostic.position,
                lines.indices.contains(position.line - 1),
                (1...lines[position.line - 1].count + 1).contains(position.column)
            else {
                Issue.record("no place in the file: \(diagnostic)")
                continue
            }
        }
        for case .invalid(let reason) in (configuration?.servers ?? []).map(\.kind) {
            let files = ["damaged.json"] + GoldenFiles.names
            #expect(files.contains { reason.hasPrefix("\($0):") }, comment())
        }
    }

    @Test("a file cut off anywhere yields a value or an error with a place", arguments: GoldenTests.names)
    func truncated(name: String) throws {
        let source = try Self.source(name)
        for length in source.indices { check(Array(source[..<length]), "cut after \(length) bytes") }
    }

    @Test("a file with bytes changed yields a value or an error with a place", arguments: GoldenTests.names)
    func fuzzBytes(name: String) throws {
        let source = try Self.source(name)
        var random = SeededGenerator(seed: Fuzzing.seed ?? 0x6d63_7067)
        for round in 0..<Fuzzing.rounds(200) {
            var bytes = source
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes.damage(inserting: Self.tokens, using: &random)
            }
            check(bytes, "round \(round): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    private static let tokens = [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "/", "*", "$", "-", "0", "e", "u", "\n", "null", "1e400", "[]",
        "\"\"", "${",
        "${file:", "//", "/*", "\u{FEFF}",
    ].map { Array($0.utf8) }
}
