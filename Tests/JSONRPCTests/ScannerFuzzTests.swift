import Foundation
import FuzzSupport
import JSONRPC
import NIOCore
import Testing

/// The scanner against a parser that has nothing in common with it, and against Foundation's.
///
/// The closed list of differences from `StrictParser`:
/// 1. Where several things make a text no JSON-RPC message, the scanner names the one that stands first.
/// 2. A text that is nested too deeply is not read to its end: that it is broken further on is not noticed.
///
/// The closed list of differences from `JSONSerialization`:
/// 3. It takes a text that begins with a byte order mark, or is UTF-16 or UTF-32; RFC 8259 §8.1 forbids to send one.
/// 4. It refuses half a surrogate pair written as an escape, which the grammar of RFC 8259 §7 allows.
/// 5. It refuses numbers that no Double can hold, whose text is none of a router's business.
/// 6. It nests up to 512 levels.
/// 7. It takes a comma after the last member or element, which RFC 8259 §4 and §5 have not.
@Suite("The scanner and other parsers agree")
struct ScannerFuzzTests {
    static let casesPerSeed = Fuzzing.rounds(25_000)
    static let seeds = Fuzzing.seeds(1...4)

    private static func scan(_ bytes: [UInt8]) -> Result<Envelope, ScanError> {
        Result { () throws(ScanError) in try Envelope(scanning: ByteBuffer(bytes: bytes)) }
    }

    private static func describe(_ bytes: [UInt8], _ seed: UInt64) -> Comment {
        "seed \(seed): \(String(decoding: bytes, as: Unicode.UTF8.self)) = \(bytes)"
    }

    @Test("every verdict and every range is that of the strict parser", arguments: seeds)
    func fuzzVerdicts(seed: UInt64) {
        var generator = MessageGenerator(seed: seed)
        var counts: [String: Int] = [:]
        for _ in 0..<Self.casesPerSeed {
            let bytes = generator.next()
            let (isSame, kind) = Self.isSame(Self.scan(bytes), ReferenceEnvelope.judge(bytes), count: bytes.count)
            counts[kind, default: 0] += 1
            guard isSame else {
                Issue.record("\(Self.scan(bytes)), \(ReferenceEnvelope.judge(bytes)) \(Self.describe(bytes, seed))")
                return
            }
        }
        // A generator that stops making one kind of text would make this test say nothing about it.
        for (kind, least) in [
            "accepted": 5000, "notJSON": 5000, "notJSONRPC": 2000, "tooDeep": 20, "batch": 20, "notAnObject": 20,
        ] {
            #expect(counts[kind, default: 0] >= least, "\(kind): \(counts)")
        }
    }

    /// Compares the two, but for differences 1 and 2, and names what the scanner said.
    private static func isSame(
        _ scanned: Result<Envelope, ScanError>, _ reference: ReferenceEnvelope.Verdict, count: Int
    ) -> (Bool, kind: String) {
        switch (scanned, reference) {
        case (.success(let envelope), .accepted(let expected)): (envelope == expected, "accepted")
        case (.failure(.notJSON(let offset)), .notJSON): ((0...count).contains(offset), "notJSON")
        case (.failure(.tooDeep(let offset)), .tooDeep), (.failure(.tooDeep(let offset)), .notJSON):
            ((0..<count).contains(offset), "tooDeep")
        case (.failure(.notAnObject), .notAnObject): (true, "notAnObject")
        case (.failure(.batch), .batch): (true, "batch")
        case (.failure(.notJSONRPC(let reason)), .notJSONRPC(let reasons)): (reasons.contains(reason), "notJSONRPC")
        case (.success, _), (.failure, _): (false, "different")
        }
    }

    @Test("a rewriting changes the id and the token and no other byte", arguments: seeds)
    func fuzzRewriting(seed: UInt64) throws {
        var generator = MessageGenerator(seed: seed &+ 1)
        let id = Array("\"a new id\"".utf8)
        let token = Array("77".utf8)
        for _ in 0..<Self.casesPerSeed / 5 {
            let bytes = generator.next()
            guard case .accepted(let envelope) = ReferenceEnvelope.judge(bytes) else { continue }
            let message = try Message(ByteBuffer(bytes: bytes))
            let tokenRange = message.kind == .request ? envelope.metaProgressToken : envelope.progressToken
            var expected = bytes
            let changes = [envelope.id.map { ($0, id) }, tokenRange.map { ($0, token) }].compactMap(\.self)
            for (range, text) in changes.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
                expected.replaceSubrange(range, with: text)
            }
            expected = expected.map { $0 == 10 || $0 == 13 ? 32 : $0 }
            let rewritten = message.rewriting(id: ByteBuffer(bytes: id), progressToken: ByteBuffer(bytes: token))
            guard rewritten == ByteBuffer(bytes: expected) else {
                Issue.record("\(String(buffer: rewritten)) \(Self.describe(bytes, seed))")
                return
            }
        }
    }

    @Test("the outline of a value has the strict parser's members, elements and characters", arguments: seeds)
    func fuzzOutlines(seed: UInt64) {
        var generator = MessageGenerator(seed: seed &+ 2)
        for _ in 0..<Self.casesPerSeed / 5 {
            let bytes = generator.next()
            let parsed = try? StrictParser.parse(bytes)
            // Difference 2, and the outline has no deeper limit than a message.
            if let parsed, parsed.depth > 128 { continue }
            guard Self.hasSameOutline(ByteBuffer(bytes: bytes), bytes, parsed?.root) else {
                Issue.record(Self.describe(bytes, seed))
                return
            }
        }
    }

    /// Compares the outlines of a value and of everything in it.
    private static func hasSameOutline(_ json: ByteBuffer, _ bytes: [UInt8], _ node: StrictParser.Node?) -> Bool {
        let members = JSONOutline.members(of: json)
        let elements = JSONOutline.elements(of: json)
        let string = JSONOutline.string(json)
        switch node?.value {
        case .object(let expected):
            guard let members, elements == nil, string == nil, members.count == expected.count else { return false }
            return zip(members, expected).allSatisfy { member, expected in
                member.key.utf16.elementsEqual(repaired(expected.key).utf16)
                    && member.value == ByteBuffer(bytes: bytes[expected.value.range])
                    && hasSameOutline(member.value, bytes, expected.value)
            }
        case .array(let expected):
            guard let elements, members == nil, string == nil, elements.count == expected.count else { return false }
            return zip(elements, expected).allSatisfy { element, expected in
                element == ByteBuffer(bytes: bytes[expected.range]) && hasSameOutline(element, bytes, expected)
            }
        case .string(let expected):
            return members == nil && elements == nil
                && string.map { $0.utf16.elementsEqual(repaired(expected).utf16) } == true
        case .number, .literal, nil:
            return members == nil && elements == nil && string == nil
        }
    }

    /// The standard library makes U+FFFD of half a surrogate pair.
    private static func repaired(_ units: [UInt16]) -> String {
        String(decoding: units, as: UTF16.self)
    }

    @Test("Foundation takes the same texts, but for the listed differences", arguments: seeds)
    func fuzzAgainstFoundation(seed: UInt64) {
        var generator = MessageGenerator(seed: seed &+ 3)
        for _ in 0..<Self.casesPerSeed / 5 {
            let bytes = generator.next()
            let isTaken: Bool
            switch Self.scan(bytes) {
            case .success, .failure(.notAnObject), .failure(.batch), .failure(.notJSONRPC): isTaken = true
            case .failure(.notJSON): isTaken = false
            case .failure(.tooDeep): continue
            }
            let isTakenByFoundation =
                (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            guard isTaken == isTakenByFoundation || Self.isListed(bytes, isTaken: isTaken) else {
                Issue.record("Foundation: \(isTakenByFoundation) \(Self.describe(bytes, seed))")
                return
            }
        }
    }

    /// Differences 3, 4, 5 and 7; 6 does not come here.
    private static func isListed(_ bytes: [UInt8], isTaken: Bool) -> Bool {
        let text = String(decoding: bytes, as: Unicode.UTF8.self)
        // CR LF is one character, but two here.
        func contains(_ pattern: Regex<Substring>) -> Bool {
            text.contains(pattern.matchingSemantics(.unicodeScalar))
        }
        if isTaken { return contains(/\\u[dD][89a-fA-F]/) || contains(/[eE]\+?[0-9]{3,}|[0-9]{300,}/) }
        let isOtherEncoding = bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.prefix(4).contains(0)
        return isOtherEncoding || contains(/,[ \t\r\n]*[\]}]/)
    }
}
