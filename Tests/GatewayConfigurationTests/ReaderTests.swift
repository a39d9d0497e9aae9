import Foundation
import FuzzSupport
import Testing

@testable import GatewayConfiguration

@Suite("The JSON reader")
struct ReaderTests {
    private func read(_ text: String) throws -> JSONNode {
        try JSONCReader.read(Array(text.utf8))
    }

    @Test("every node and key knows its line and column, counted in scalars")
    func positions() throws {
        let node = try read("/* é\n*/ {\r\n\t\"é\": [1, // one\n  true]}")
        #expect(node.position == Position(line: 2, column: 4))
        guard case .object(let members) = node.value, case .array(let elements) = try #require(members.first).node.value
        else {
            Issue.record("wrong shape")
            return
        }
        #expect(members.map(\.keyPosition) == [Position(line: 3, column: 2)])
        #expect(members.map(\.node.position) == [Position(line: 3, column: 7)])
        #expect(elements.map(\.position) == [Position(line: 3, column: 8), Position(line: 4, column: 3)])
    }

    @Test("a number keeps its spelling")
    func numbers() throws {
        for spelling in ["0", "-0", "12345678901234567890", "1.10", "1E+2", "-0.5e-3"] {
            #expect(try read(spelling).value == .number(spelling))
        }
    }

    @Test(
        "what RFC 8259 forbids is refused",
        arguments: [
            "01", "1.", ".5", "+1", "1e", "0x10", "--1", "NaN", "Infinity", "tru", "'a'", "\"\u{1}\"", "\"a\nb\"",
            "\"\\x\"", "\"\\u12g4\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800", "[", "[1", "[,]", "[1,,]",
            "{,}",
            "{\"a\"}", "{\"a\":}", "{\"a\":1,,}", "{a:1}", "{1:1}", "[1]]", "1 2", "", "/", "/*", "/**", "/*/", "//",
            "#", "[1}",
            "\u{A0}1",
        ])
    func malformed(text: String) {
        #expect(throws: SyntaxError.self) { try read(text) }
    }

    @Test("64 levels are read and 65 are not")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try read(nested(64))
        #expect(
            throws: SyntaxError(
                position: Position(line: 1, column: 65),
                message: "nested deeper than 64 levels; flatten the configuration")
        ) {
            try read(nested(65))
        }
    }

    @Test("comments and trailing commas change nothing")
    func trivia() throws {
        let plain = try read(#"{"a":[1,"//"],"b":{}}"#)
        let adorned = try read("//x\n{ /**/ \"a\" /* */ : [ 1 , \"//\" , ] , // y\n \"b\" : { } , } /* z */ // end")
        #expect(plain.withoutPositions == adorned.withoutPositions)
    }

    @Test("texts and structure are read as Foundation reads them", arguments: Fuzzing.seeds())
    func fuzzAgainstFoundation(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var accepted = 0
        for _ in 0..<Fuzzing.rounds(4000) {
            var text = Self.randomJSON(depth: 4, using: &random)
            if Bool.random(using: &random), !text.isEmpty {
                let place = text.unicodeScalars.indices.randomElement(using: &random) ?? text.startIndex
                text.unicodeScalars.replaceSubrange(place...place, with: "\\".unicodeScalars)
            }
            guard let theirs = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
            else {
                // A string that now ends early may be followed by a comment, which only this reader takes.
                if text.contains("//") || text.contains("/*") { continue }
                #expect(throws: SyntaxError.self, "\(text.debugDescription)") { try read(text) }
                continue
            }
            accepted += 1
            #expect(try read(text).matches(theirs), "\(text.debugDescription)")
        }
        #expect(accepted > 1000)
    }

    private static func randomJSON(depth: Int, using random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: return ["true", "false", "null"].randomElement(using: &random) ?? ""
        case 1: return ["0", "-1", "3.25", "1e3", "-0.5E-2"].randomElement(using: &random) ?? ""
        case 2, 3: return randomString(using: &random)
        case 4:
            let elements = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                randomJSON(depth: depth - 1, using: &random)
            }
            return "[\n" + elements.joined(separator: " ,") + "]"
        default:
            let members = (0..<Int.random(in: 0..<4, using: &random)).map { index in
                "\"\(index)\":" + randomJSON(depth: depth - 1, using: &random)
            }
            return "{ " + members.joined(separator: ",\t") + "}"
        }
    }

    private static func randomString(using random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "é", "😀", "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\r", "\\u0041", "\\u00e9",
            "\\ud83d\\ude00",
            "//", "/*", " ", "\u{2028}", "{", "]", "\\uFFFD",
        ]
        let count = Int.random(in: 0..<6, using: &random)
        return "\"" + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined() + "\""
    }
}

extension JSONNode {
    fileprivate var withoutPositions: JSONNode {
        var node = self
        node.position = .start
        switch value {
        case .array(let elements): node.value = .array(elements.map(\.withoutPositions))
        case .object(let members):
            node.value = .object(
                members.map { JSONMember(key: $0.key, keyPosition: .start, node: $0.node.withoutPositions) })
        case .null, .bool, .number, .string: break
        }
        return node
    }

    /// Whether this is what `JSONSerialization` has read.
    fileprivate func matches(_ other: Any) -> Bool {
        switch value {
        case .null: return other is NSNull
        case .bool(let bool): return other as? Bool == bool
        case .number(let spelling): return (other as? NSNumber)?.doubleValue == Double(spelling)
        case .string(let text): return other as? String == text
        case .array(let elements):
            guard let others = other as? [Any], others.count == elements.count else { return false }
            return zip(elements, others).allSatisfy { $0.matches($1) }
        case .object(let members):
            guard let others = other as? [String: Any], others.count == members.count else { return false }
            return members.allSatisfy { member in others[member.key].map { member.node.matches($0) } ?? false }
        }
    }
}
