import Foundation
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
    func mutated(name: String) throws {
        let source = try Self.source(name)
        var random = SplitMix64(seed: 0x6d63_7067)
        for round in 0..<200 {
            var bytes = source
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, using: &random) }
            check(bytes, "round \(round)")
        }
    }

    private func mutate(_ bytes: inout [UInt8], using random: inout SplitMix64) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: bytes.indices, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.insert("{}[]:,\"\\/*$-0eu\n".utf8.randomElement(using: &random) ?? 0, at: place)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: bytes.indices, using: &random))
        default:
            bytes.replaceSubrange(
                place..<end, with: ["null", "1e400", "[]", "\"\"", "${"].randomElement(using: &random)?.utf8 ?? "".utf8)
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
