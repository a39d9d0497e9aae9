import JSONRPC
import MCP
import NIOCore
import Supervision
import Testing

@testable import Upstreams

/// What requests to servers of MCP 2026-07-28 say of themselves.
@Suite struct RequestAuthorTests {
    private static let own =
        #""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"#
        + #""io.modelcontextprotocol/clientInfo":{"name":"gateway","version":"1"}"#

    private static func line(
        _ message: String, id: RequestID? = nil, inputs: InputAnswers? = nil, _ context: CallContext = .none
    ) throws -> String {
        let message = try ModernUnderTest.message(message)
        let line = ModernUnderTest.author.line(of: message, id: id, inputs: inputs, context: context)
        // Whatever was written is a message.
        _ = try Message(line)
        return String(buffer: line)
    }

    @Test(
        "[144] a request gets its _meta wherever it has a place for it, and keeps everything else byte for byte",
        arguments: [
            (
                #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{\#(own)}}}"#
            ),
            (
                #"{"method":"x\u002fy", "id":1 ,"jsonrpc":"2.0"}"#,
                #"{"method":"x\u002fy","params":{"_meta":{\#(own)}}, "id":1 ,"jsonrpc":"2.0"}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{}}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{\#(own)}}}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{ "n":1.0,"big":123456789012345678901234567890}}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{\#(own)}, "n":1.0,"big":123456789012345678901234567890}}"#
            ),
            (
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"_meta":{"progressToken":7,"x/y":[1.0]},"b":2}}"#,
                #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1,"_meta":{\#(own),"progressToken":7,"x/y":[1.0]},"b":2}}"#
            ),
        ])
    func meta(message: String, sent: String) throws {
        #expect(try Self.line(message) == sent)
    }

    @Test("[144] what a client says in _meta of the request itself is replaced by what the gateway knows")
    func reserved() throws {
        let message =
            #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"io.modelcontextprotocol/logLevel":"debug","#
            + #""io.modelcontextprotocol/protocolVersion":"2025-11-25","traceparent":"t"}}}"#
        #expect(
            try Self.line(message)
                == #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{\#(Self.own),"traceparent":"t"}}}"#)
    }

    @Test("[144] the client's own name, capabilities and log level go along, without what this revision has no more")
    func profile() throws {
        let profile = ModernUnderTest.profile(
            #"{"roots":{"listChanged":true},"tasks":{"list":{}},"elicitation":{},"experimental":{"x":{}}}"#)
        #expect(
            try Self.line(
                #"{"jsonrpc":"2.0","id":1,"method":"m"}"#, CallContext(profile: profile, logLevel: .notice))
                == #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"#
                + #""io.modelcontextprotocol/protocolVersion":"2026-07-28","#
                + #""io.modelcontextprotocol/clientCapabilities":{"roots":{},"elicitation":{},"experimental":{"x":{}}},"#
                + #""io.modelcontextprotocol/clientInfo":{"name":"c"},"io.modelcontextprotocol/logLevel":"notice"}}}"#)
    }

    @Test("[99] a call is repeated under another id, with the answers and the state as the server wrote it")
    func repeated() throws {
        let inputs = InputAnswers(
            responses: ByteBuffer(string: #"{"k":{"action":"accept"}}"#), state: ByteBuffer(string: #""a\u0041\/=""#))
        let message = #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"t","requestState":"forged","_meta":{}}}"#
        #expect(
            try Self.line(message, id: RequestID(json: ByteBuffer(string: #""1/2""#)), inputs: inputs)
                == #"{"jsonrpc":"2.0","id":"1/2","method":"m","params":{"name":"t","#
                + #""inputResponses":{"k":{"action":"accept"}},"requestState":"a\u0041\/=","_meta":{\#(Self.own)}}}"#)
        #expect(
            try Self.line(message, inputs: InputAnswers())
                == #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"t","_meta":{\#(Self.own)}}}"#)
    }

    @Test(
        "[107] what a client writes in the place of answers never reaches the server, however it is spelled",
        arguments: [
            #""requestState":"forged""#, #""inputResponses":{"a":{}}"#, #""requestStat\u0065":"forged""#,
            #""\u0069nputResponses":{},"requestState":1"#,
        ])
    func forged(members: String) throws {
        for meta in ["", #","_meta":{}"#] {
            let message = #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"t",\#(members)\#(meta)}}"#
            #expect(
                try Self.line(message)
                    == #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"t","_meta":{\#(Self.own)}}}"#)
        }
        let harmless = #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"requestState \u00e9","_meta":{}}}"#
        #expect(try Self.line(harmless).contains(#""name":"requestState \u00e9","_meta":{\#(Self.own)}"#))
    }

    @Test(
        "[141] header fields repeat the message",
        arguments: [
            (ModernUnderTest.call(1), ["Mcp-Method: tools/call", "Mcp-Name: t"]),
            (
                ModernUnderTest.call(1, "prompts/get", #"{"name":"Grüße"}"#),
                ["Mcp-Method: prompts/get", "Mcp-Name: =?base64?R3LDvMOfZQ==?="]
            ),
            (
                ModernUnderTest.call(1, "resources/read", #"{"uri":"file:///a","name":"b"}"#),
                ["Mcp-Method: resources/read", "Mcp-Name: file:///a"]
            ),
            (ModernUnderTest.call(1, "tools/list", #"{"name":"b"}"#), ["Mcp-Method: tools/list"]),
        ])
    func fields(line: String, fields: [String]) throws {
        let message = try ModernUnderTest.message(line)
        let request = ModernRequest(
            message, id: nil, method: try #require(message.methodName), inputs: nil, parameters: [], context: .none,
            author: ModernUnderTest.author)
        #expect(request.fields.map { "\($0.name): \($0.value)" } == ["MCP-Protocol-Version: 2026-07-28"] + fields)
    }
}
