import GatewayCore
import NIOCore
import NIOHTTP1
import Supervision
import Testing

@testable import Downstream

@Suite("answers of tools over plain HTTP")
struct ToolAnswerTests {
    private static func answer(_ outcome: PlainCaller.Outcome, isRaw: Bool = false) -> (status: UInt, body: String) {
        let response = ToolAnswer.response(to: outcome, isRaw: isRaw, retryAfter: .seconds(5))
        return (response.status.code, String(buffer: response.body))
    }

    private static func result(_ json: String) -> PlainCaller.Outcome { .result(ByteBuffer(string: json)) }

    @Test(
        "content becomes JSON as mcpo makes it: one thing bare, several as a list, texts parsed if they are JSON",
        arguments: [
            (#"[]"#, "[]"),
            (#"[{"type":"text","text":"hello"}]"#, #""hello""#),
            (#"[{"type":"text","text":""}]"#, #""""#),
            (#"[{"type":"text","text":"2"}]"#, "2"),
            (#"[{"type":"text","text":" {\"n\": 9007199254740993} "}]"#, #" {"n": 9007199254740993} "#),
            (#"[{"type":"text","text":"1,2"}]"#, #""1,2""#), (#"[{"type":"text","text":"1] [2"}]"#, #""1] [2""#),
            (#"[{"type":"text","text":"NaN"}]"#, #""NaN""#),
            (#"[{"type":"text","text":"a"},{"type":"text","text":"null"}]"#, #"["a",null]"#),
            (#"[{"type":"image","data":"QQ==","mimeType":"image/png"}]"#, #""data:image/png;base64,QQ==""#),
            (#"[{"type":"audio","data":"QQ==","mimeType":"audio/wav"}]"#, #""data:audio/wav;base64,QQ==""#),
            (#"[{"type":"resource","resource":{"uri":"a:b","text":"{}"}}]"#, #""{}""#),
            (
                #"[{"type":"resource","resource":{"uri":"a:b","blob":"QQ=="}}]"#,
                #""data:application/octet-stream;base64,QQ==""#
            ),
            (
                #"[{"type":"resource_link","uri":"a:b","name":"x"}]"#,
                #"{"type":"resource_link","uri":"a:b","name":"x"}"#
            ),
            (#"[{"type":"image"}]"#, #"{"type":"image"}"#), (#"[{"type":"new","a":1}]"#, #"{"type":"new","a":1}"#),
        ])
    func content(content: String, body: String) {
        let answer = Self.answer(Self.result(#"{"content":\#(content),"isError":false}"#))
        #expect(answer == (200, body))
    }

    @Test("structured content stands for content that is not there")
    func structured() {
        #expect(Self.answer(Self.result(#"{"content":[],"structuredContent":{"a":1.50}}"#)) == (200, #"{"a":1.50}"#))
        let both = #"{"content":[{"type":"text","text":"b"}],"structuredContent":{"a":1}}"#
        #expect(Self.answer(Self.result(both)) == (200, #""b""#))
    }

    @Test("the whole result is there for who asks for it, failed or not")
    func raw() {
        let result = #"{"content":[],"isError":true,"x":1}"#
        #expect(Self.answer(Self.result(result), isRaw: true) == (200, result))
        let response = ToolAnswer.response(to: Self.result(result), isRaw: true, retryAfter: .seconds(5))
        #expect(response.headers.first?.1 == "application/vnd.mcp+json")
    }

    @Test("a tool that fails is 500 with its first text")
    func failed() {
        let text = #"{"isError":true,"content":[{"type":"text","text":"no \"way\""},{"type":"text","text":"b"}]}"#
        #expect(Self.answer(Self.result(text)) == (500, #"{"detail":{"message":"no \"way\""}}"#))
        let image = #"{"isError":true,"content":[{"type":"image","data":"QQ=="}]}"#
        #expect(Self.answer(Self.result(image)) == (500, #"{"detail":{"message":"Unknown tool execution error"}}"#))
    }

    @Test(
        "JSON-RPC errors have the statuses of mcpo",
        arguments: [
            (-32700, 400), (-32600, 400), (-32601, 404), (-32602, 422), (-32603, 500), (-32000, 500), (1, 500),
        ])
    func errors(code: Int, status: UInt) {
        #expect(
            Self.answer(.error(code: code, message: "m", data: nil)) == (status, #"{"detail":{"message":"m"}}"#))
    }

    @Test("an unknown tool is 404, a call that was lost 502, one that took too long 504, a server that is away 503")
    func others() {
        #expect(Self.answer(.error(code: -32602, message: "Unknown tool: x", data: nil)).status == 404)
        #expect(Self.answer(.unknownTool) == (404, #"{"detail":"Not Found"}"#))
        let data = ByteBuffer(string: #"{"callTimeoutMs":300}"#)
        #expect(
            Self.answer(.error(code: -32603, message: "m", data: data))
                == (504, #"{"detail":{"message":"m","data":{"callTimeoutMs":300}}}"#))
        let away = Unavailability(server: "a", phase: "stopped", reason: "it is stopped", retryAfter: .seconds(7))
        let response = ToolAnswer.response(to: .unavailable(away), isRaw: false, retryAfter: .seconds(5))
        #expect(response.status.code == 503 && response.headers.last?.1 == "7")
        #expect(String(buffer: response.body) == #"{"detail":{"message":"it is stopped"}}"#)
        let lost = Unavailability(server: "a", phase: "starting", reason: "it died", wasSent: true)
        let answer = ToolAnswer.response(to: .unavailable(lost), isRaw: false, retryAfter: .seconds(5))
        #expect(answer.status.code == 502 && !answer.headers.contains { $0.0 == "retry-after" })
        #expect(Self.answer(.cancelled).status == 503)
    }

    @Test("arguments are an object, or nothing at all; what else comes is 422 as FastAPI says it")
    func arguments() throws {
        #expect(try ToolArguments.read(ByteBuffer()) == ByteBuffer(string: "{}"))
        let object = ByteBuffer(string: " {\"a\": 1.50}\n")
        #expect(try ToolArguments.read(object) == object)
        for (body, type) in [
            ("[1]", "model_attributes_type"), ("null", "model_attributes_type"), ("{", "json_invalid"),
        ] {
            let mistake = #expect(throws: ToolArguments.Mistake.self) {
                try ToolArguments.read(ByteBuffer(string: body))
            }
            #expect(mistake?.type == type)
            let response = try Response.mistake(#require(mistake))
            #expect(response.status.code == 422)
            #expect(String(buffer: response.body).hasPrefix(#"{"detail":[{"type":"\#(type)","loc":["body"],"msg":""#))
        }
    }
}
