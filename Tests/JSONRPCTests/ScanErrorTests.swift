import JSONRPC
import NIOCore
import Testing

@Suite("What is no message")
struct ScanErrorTests {
    private func error(_ json: String, depth: Int = 128) -> ScanError? {
        error(ByteBuffer(string: json), depth: depth)
    }

    private func error(_ bytes: ByteBuffer, depth: Int = 128) -> ScanError? {
        do throws(ScanError) {
            _ = try Envelope(scanning: bytes, maximumDepth: depth)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a text that is not JSON is refused at the byte where it stops being JSON",
        arguments: [
            ("", 0), ("  ", 2), ("{", 1), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a\":1,", 7),
            ("{\"a\":1,}", 7),
            ("{,}", 1), ("{a:1}", 1), ("{'a':1}", 1), ("{\"a\" 1}", 5), ("{\"a\":1]", 6), ("[1}", 2), ("[1,]", 3),
            ("[,1]", 1),
            ("{\"a\":01}", 6), ("{\"a\":-}", 6), ("{\"a\":+1}", 5), ("{\"a\":.5}", 5), ("{\"a\":1.}", 7),
            ("{\"a\":1e}", 7),
            ("{\"a\":1e+}", 8), ("{\"a\":NaN}", 5), ("{\"a\":tru}", 5), ("{\"a\":truE}", 5), ("nul", 0), ("{} x", 3),
            ("{}{}", 2),
            ("{\"a\":\"\\x\"}", 7), ("{\"a\":\"\\u12g4\"}", 10), ("{\"a\":\"\\u123\"}", 11), ("{\"a\":\"\t\"}", 6),
            ("{\"a\":\"\n\"}", 6),
            ("{\"a\":\"\u{0}\"}", 6), ("\u{FEFF}{}", 0), ("{\"id\":null", 10), ("[\"id\"", 5), ("{\"a\":1}\u{0}", 7),
            ("/**/{}", 0),
        ])
    func notJSON(json: String, offset: Int) {
        #expect(error(json) == .notJSON(offset: offset))
    }

    @Test(
        "bytes that are not UTF-8 are refused, wherever in a word they stand",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x9F, 0xBF], [0xE1, 0x80],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        for padding in 0..<9 {
            var buffer = ByteBuffer(string: "{\"a\":\"" + String(repeating: "x", count: padding))
            buffer.writeBytes(bytes)
            buffer.writeString("\"}")
            #expect(error(buffer) == .notJSON(offset: 6 + padding))
        }
    }

    @Test("the ends of every UTF-8 range are accepted")
    func edgesOfUTF8() {
        let edges: [Unicode.Scalar] = [
            "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFF}", "\u{1000}", "\u{D7FF}", "\u{E000}", "\u{FFFF}",
            "\u{10000}",
            "\u{3FFFF}", "\u{40000}", "\u{FFFFF}", "\u{100000}", "\u{10FFFF}", "\u{2028}", "\u{2029}",
        ]
        for edge in edges {
            for padding in 0..<9 {
                let method = String(repeating: "x", count: padding) + String(Character(edge))
                #expect(error("{\"jsonrpc\":\"2.0\",\"method\":\"\(method)\"}") == nil)
            }
        }
    }

    @Test(
        "JSON that is no JSON-RPC object says what it is instead",
        arguments: [
            ("[]", .batch), ("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", .batch), (" null ", .notAnObject),
            ("1", .notAnObject),
            ("\"x\"", .notAnObject), ("true", .notAnObject),
        ] as [(String, ScanError)])
    func notAnObject(json: String, expected: ScanError) {
        #expect(error(json) == expected)
    }

    @Test(
        "JSON objects that are no JSON-RPC message are refused with the member's name",
        arguments: [
            ("\"id\":null,\"method\":\"m\"", .id), ("\"id\":1.0,\"method\":\"m\"", .id),
            ("\"id\":1e2,\"method\":\"m\"", .id),
            ("\"id\":true,\"method\":\"m\"", .id), ("\"id\":{},\"method\":\"m\"", .id),
            ("\"id\":[1],\"method\":\"m\"", .id),
            ("\"id\":null,\"error\":{}", .id), ("\"method\":1", .method),
            ("\"method\":null,\"id\":1,\"result\":1", .method),
            ("\"method\":\"m\",\"params\":[]", .params), ("\"method\":\"m\",\"params\":null", .params),
            ("\"method\":\"m\",\"params\":\"\"", .params),
            ("\"id\":1", .shape), ("\"params\":{}", .shape), ("\"result\":1", .shape), ("\"error\":{}", .shape),
            ("\"id\":1,\"method\":\"m\",\"result\":1", .shape), ("\"id\":1,\"method\":\"m\",\"error\":1", .shape),
            ("\"id\":1,\"result\":1,\"error\":{}", .shape), ("\"method\":\"m\",\"result\":1", .shape),
        ] as [(String, ScanError.StaticReason)])
    func notJSONRPC(members: String, reason: ScanError.StaticReason) {
        #expect(error("{\"jsonrpc\":\"2.0\",\(members)}") == .notJSONRPC(reason: reason))
        #expect(error("{\(members),\"jsonrpc\":\"2.0\"}") == .notJSONRPC(reason: reason))
    }

    @Test(
        "a version other than the string 2.0 is refused",
        arguments: [
            "", "\"jsonrpc\":\"1.0\",", "\"jsonrpc\":2.0,", "\"jsonrpc\":\"2.00\",", "\"jsonrpc\":null,",
            "\"jsonrpc\":\"2\\u002e0\",",
        ])
    func version(member: String) {
        #expect(error("{\(member)\"method\":\"m\"}") == .notJSONRPC(reason: .version))
    }

    @Test(
        "a routing member that stands there twice is refused, also when one of the two is written with escapes",
        arguments: [
            "\"id\":1,\"id\":1", "\"id\":1,\"\\u0069d\":1", "\"method\":\"m\"", "\"m\\u0065thod\":\"m\"",
            "\"jsonrpc\":\"2.0\"",
            "\"params\":{},\"params\":{}", "\"result\":1,\"result\":1", "\"error\":1,\"error\":1",
            "\"params\":{\"_meta\":1,\"_meta\":2}",
            "\"params\":{\"name\":1,\"name\":2}", "\"params\":{\"uri\":1,\"uri\":2}",
            "\"params\":{\"progressToken\":1,\"progressToken\":2}",
            "\"params\":{\"requestId\":1,\"requestI\\u0064\":2}",
            "\"params\":{\"_meta\":{\"progressToken\":1,\"progressToken\":null}}",
        ])
    func duplicates(members: String) {
        #expect(error("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\(members)}") == .notJSONRPC(reason: .duplicate))
    }

    @Test("members that do not route may stand there twice")
    func otherDuplicates() {
        #expect(
            error(
                "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"x\":1,\"x\":2,\"params\":{\"a\":{\"id\":1,\"id\":2},\"a\":1}}")
                == nil)
    }

    @Test("a text that is neither JSON nor JSON-RPC is not JSON")
    func jsonFirst() {
        #expect(error("{\"id\":null,\"method\":5,\"params\":[}") == .notJSON(offset: 32))
        #expect(error("[1,2") == .notJSON(offset: 4))
        #expect(error("\"abc") == .notJSON(offset: 4))
    }

    @Test("nesting counts open objects and arrays, at every level, up to the limit and to 128")
    func depth() {
        func message(_ member: String, nested depth: Int, _ open: String, _ close: String) -> String {
            let value = String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth)
            return "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\(member.replacing("*", with: value))}"
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":[", "]}]")] {
            let levels = open == "[{\"a\":[" ? 3 : 1
            for (member, outer) in [
                ("\"x\":*", 1), ("\"params\":{\"x\":*}", 2), ("\"params\":{\"_meta\":{\"x\":*}}", 3),
                ("\"params\":{\"_meta\":{\"progressToken\":*}}", 3), ("\"params\":{\"name\":*}", 2),
            ] {
                for limit in [12, 64, 65, 127, 128] {
                    let fitting = (limit - outer) / levels
                    #expect(error(message(member, nested: fitting, open, close), depth: limit) == nil)
                    guard case .tooDeep = error(message(member, nested: fitting + 1, open, close), depth: limit) else {
                        Issue.record("\(member) \(open) accepted beyond \(limit)")
                        continue
                    }
                }
                guard case .tooDeep = error(message(member, nested: 129, open, close), depth: 1000) else {
                    Issue.record("\(member) \(open) accepted beyond 128")
                    continue
                }
            }
        }
        #expect(error(String(repeating: "[", count: 1_000_000)) == .tooDeep(offset: 128))
        #expect(error("{}", depth: 0) == .tooDeep(offset: 0))
    }
}
