import JSONRPC
import MCP
import NIOCore
import NIOHTTP1
import Testing

@testable import Downstream

@Suite struct StatelessLadderTests {
    private static let good = [
        ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "echo"),
    ]

    private static func refusal(
        version: String = "2026-07-28", params: String = #""name":"echo""#, _ headers: [(String, String)] = good
    ) throws -> StatelessLadder.Refusal? {
        let body = """
            {"jsonrpc":"2.0","id":"a","method":"tools/call","params":{\(params),"_meta":{\
            "io.modelcontextprotocol/protocolVersion":"\(version)","io.modelcontextprotocol/clientCapabilities":{}}}}
            """
        let message = try Message(ByteBuffer(string: body))
        do throws(StatelessLadder.Refusal) {
            _ = try StatelessLadder.check(message, message.methodName ?? "", RequestFields(HTTPHeaders(headers)))
            return nil
        } catch {
            return error
        }
    }

    private static func with(_ name: String, _ value: String?) -> [(String, String)] {
        good.filter { $0.0 != name } + (value.map { [(name, $0)] } ?? [])
    }

    @Test("[68] [69] a request whose headers say what its body says is let in, in any letters and with spaces around")
    func admitted() throws {
        #expect(try Self.refusal() == nil)
        #expect(
            try Self.refusal([
                ("mcp-protocol-version", " 2026-07-28 "), ("MCP-METHOD", "tools/call\t"), ("mCp-NaMe", " echo"),
            ]) == nil)
    }

    @Test(
        "[66] [68] [69] [70] a header that is missing, doubled, badly encoded or says something else is refused",
        arguments: [
            ("MCP-Protocol-Version", nil), ("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Method", nil),
            ("Mcp-Method", "Tools/call"), ("Mcp-Method", "tools/list"), ("Mcp-Name", nil), ("Mcp-Name", "Echo"),
            ("Mcp-Name", "=?base64?ZWNoby==?="), ("Mcp-Name", "=?base64?b3RoZXI=?="),
        ] as [(String, String?)])
    func mismatch(name: String, value: String?) throws {
        #expect(try Self.refusal(Self.with(name, value))?.code == .headerMismatch)
    }

    @Test("[68] a doubled routing header is refused even if both say the same", arguments: Self.good.map(\.0))
    func doubled(name: String) throws {
        let value = Self.good.first { $0.0 == name }?.1 ?? ""
        #expect(try Self.refusal(Self.good + [(name, value)])?.code == .headerMismatch)
    }

    @Test("[70] an encoded name is compared decoded")
    func encoded() throws {
        let params = #""name":"\u4e16\u754c""#
        #expect(try Self.refusal(params: params, Self.with("Mcp-Name", "=?base64?5LiW55WM?=")) == nil)
        // Canonically equivalent, and another name all the same.
        let decomposed = #""name":"e\u0301""#
        #expect(try Self.refusal(params: decomposed, Self.with("Mcp-Name", "=?base64?w6k=?=")) != nil)
        #expect(try Self.refusal(params: decomposed, Self.with("Mcp-Name", "=?base64?ZcyB?=")) == nil)
    }

    @Test("[67] a revision that is not spoken is refused with those that are, and the one that was asked for")
    func unsupported() throws {
        let refusal = try Self.refusal(version: "v999.0.0", Self.with("MCP-Protocol-Version", "v999.0.0"))
        #expect(refusal?.code == .unsupportedProtocolVersion)
        #expect(
            refusal?.data.map { String(buffer: $0) } == #"{"supported":["2026-07-28"],"requested":"v999.0.0"}"#)
        #expect(try Self.refusal(version: "v999.0.0")?.code == .headerMismatch, "the header says something else")
    }

    @Test("[64] a request without its metadata is refused as such, before its headers are looked at")
    func metadata() throws {
        let message = try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#))
        let error = #expect(throws: StatelessLadder.Refusal.self) {
            try StatelessLadder.check(
                message, message.methodName ?? "", RequestFields(HTTPHeaders([("MCP-Protocol-Version", "2026-07-28")])))
        }
        #expect(error?.code == .invalidParams)
    }

    @Test("[76] a response is no request")
    func response() throws {
        let message = try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"result":{}}"#))
        let error = #expect(throws: StatelessLadder.Refusal.self) {
            try StatelessLadder.check(message, message.methodName ?? "", RequestFields(HTTPHeaders()))
        }
        #expect(error?.code == .invalidRequest)
    }
}
