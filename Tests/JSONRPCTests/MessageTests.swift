import JSONRPC
import NIOCore
import Testing

@Suite("Messages with other metadata")
struct MessageMetadataTests {
    @Test(
        "everything is where a scan finds it",
        arguments: [
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","_meta":{"progressToken":"t","x":1},"uri":"u"}}"#,
            #"{"params":{"_meta":{"x":1,"progressToken":12},"uri":"u","progressToken":5,"requestId":"r"},"method":"m","id":"i","jsonrpc":"2.0"}"#,
            "{\"jsonrpc\":\"2.0\",\n\"method\":\"m\",\"params\":{\"_meta\" : {} , \"name\":\"n\"\r\n}}",
            #"{"jsonrpc":"2.0","method":"m","params":{"name":"n"}}"#,
            #"{"jsonrpc":"2.0","id":1,"result":{"_meta":{}}}"#,
        ],
        ["{}", #"{"progressToken":1}"#, #"{"a":{"b":[1,2,3]},"\u0070rogressToken":"a longer one than before"}"#])
    func metadata(text: String, meta: String) throws {
        let message = try Message(ByteBuffer(string: text))
        let other = message.replacing(meta: ByteBuffer(string: meta))
        guard message.envelope.paramsMeta != nil else {
            #expect(other.bytes == message.bytes && other.envelope == message.envelope)
            return
        }
        var scanned = try Message(other.bytes).envelope
        // Where none was asked for, nobody adds one.
        if message.envelope.metaProgressToken == nil { scanned.metaProgressToken = nil }
        #expect(other.envelope == scanned)
        #expect(other.envelope.paramsMeta.map { String(buffer: other.slice($0)) } == meta)
    }
}

@Suite("A message and its rewriting")
struct MessageTests {
    private func message(_ json: String) throws -> Message {
        try Message(ByteBuffer(string: json))
    }

    @Test("the method is compared and decoded as its sender meant it")
    func method() throws {
        let plain = try message("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}")
        #expect(plain.kind == .request)
        #expect(plain.isMethod("tools/call"))
        #expect(!plain.isMethod("tools/cal"))
        #expect(!plain.isMethod("tools/call2"))
        #expect(plain.methodName == "tools/call")
        let escaped = try message("{\"jsonrpc\":\"2.0\",\"method\":\"tools\\/\\u0063all\"}")
        #expect(escaped.kind == .notification)
        #expect(escaped.isMethod("tools/call"))
        #expect(!escaped.isMethod("tools\\/\\u0063all"))
        #expect(escaped.methodName == "tools/call")
        let answer = try message("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")
        #expect(answer.kind == .response)
        #expect(answer.methodName == nil)
        #expect(!answer.isMethod(""))
    }

    @Test("members are handed out as the bytes they are")
    func members() throws {
        let call = try message(
            """
            {"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"a\\u00e9\\n","uri":"file:\\/\\/x","progressToken":1,\
            "requestId":"1","_meta":{"progressToken":"t"}}}
            """)
        #expect(call.paramsName == "aé\n")
        #expect(call.paramsURI == "file://x")
        #expect(call.progressToken == ByteBuffer(string: "1"))
        #expect(call.metaProgressToken == ByteBuffer(string: "\"t\""))
        #expect(call.cancelledRequestID == RequestID(json: ByteBuffer(string: "\"1\"")))
        #expect(call.cancelledRequestID != RequestID(1))
        #expect(call.params?.readableBytesView.first == UInt8(ascii: "{"))
        #expect(try message("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\": [1] }").result == ByteBuffer(string: "[1]"))
        #expect(try message("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}").error == ByteBuffer(string: "{}"))
    }

    @Test(
        "[15] everything but the id and the progress token survives a rewriting byte for byte, in either order",
        arguments: [
            (
                "{\"jsonrpc\":\"2.0\",\"id\":", "1", ",\"method\":\"m\",\"params\":{\"_meta\":{\"progressToken\":",
                "\"t\"", "}}}"
            ),
            (
                "{ \"method\":\"m\",\"params\":{\"_meta\":{\"progressToken\" : ", "9007199254740993",
                " ,\"z\":1e400},\"n\":9007199254740993}, \"id\":",
                "\"\\u00e9\u{2028}😀\\ud83d\\ude00\"", ",\"jsonrpc\":\"2.0\",\"unknown\":[1.0,1.00,-0]} "
            ),
        ])
    func rewriting(start: String, one: String, middle: String, other: String, end: String) throws {
        let original = start + one + middle + other + end
        let message = try message(original)
        let idIsFirst = start.hasSuffix("\"id\":")
        let longID = "\"a-much-longer-id-than-before\""
        for (id, token) in [("7", "8"), (longID, "0"), ("0", longID)] {
            let (new, newOther) = idIsFirst ? (id, token) : (token, id)
            let both = message.rewriting(id: ByteBuffer(string: id), progressToken: ByteBuffer(string: token))
            #expect(String(buffer: both) == start + new + middle + newOther + end)
            let idOnly = message.rewriting(id: ByteBuffer(string: id))
            #expect(String(buffer: idOnly) == start + (idIsFirst ? id : one) + middle + (idIsFirst ? other : id) + end)
            let tokenOnly = message.rewriting(progressToken: ByteBuffer(string: token))
            #expect(
                String(buffer: tokenOnly) == start + (idIsFirst ? one : token) + middle + (idIsFirst ? token : other)
                    + end)
        }
        #expect(String(buffer: message.rewriting()) == original)
        #expect(String(buffer: message.bytes) == original)
    }

    @Test("a progress notification reports under its new token, a cancellation cancels its new request")
    func notifications() throws {
        let progress = try message(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":5,\"_meta\":{\"progressToken\":6}}}"
        )
        #expect(
            String(
                buffer: progress.rewriting(id: ByteBuffer(string: "1"), progressToken: ByteBuffer(string: "\"new\"")))
                == "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"new\",\"_meta\":{\"progressToken\":6}}}"
        )
        let cancelled = try message(
            "{\"jsonrpc\":\"2.0\",\"method\":\"c\",\"params\":{\"requestId\":\"x\",\"reason\":\"\"}}")
        #expect(
            String(buffer: cancelled.rewriting(cancelledRequestID: ByteBuffer(string: "12")))
                == "{\"jsonrpc\":\"2.0\",\"method\":\"c\",\"params\":{\"requestId\":12,\"reason\":\"\"}}")
        let nothing = try message("{\"jsonrpc\":\"2.0\",\"method\":\"c\"}")
        #expect(nothing.rewriting(cancelledRequestID: ByteBuffer(string: "12")) == nothing.bytes)
    }

    @Test("a request's own params.progressToken is not the token it asks for")
    func requestToken() throws {
        let json = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"progressToken\":5}}"
        #expect(String(buffer: try message(json).rewriting(progressToken: ByteBuffer(string: "9"))) == json)
    }

    @Test("what goes out stands on one line, and nothing inside a string changes")
    func singleLine() throws {
        let json = "{\r\n  \"jsonrpc\": \"2.0\",\n\t\"id\": 1,\r\"result\": \"a\\r\\n\u{2028}\u{2029}\u{85}\"\n}\n"
        let message = try message(json)
        let expected = "{    \"jsonrpc\": \"2.0\", \t\"id\": 1, \"result\": \"a\\r\\n\u{2028}\u{2029}\u{85}\" } "
        #expect(String(buffer: message.singleLine) == expected)
        #expect(
            String(buffer: message.rewriting(id: ByteBuffer(string: "22")))
                == expected.replacing("\"id\": 1", with: "\"id\": 22"))
        #expect(String(buffer: message.bytes) == json)
    }

    @Test("a rewriting counts from the reader index")
    func slices() throws {
        var buffer = ByteBuffer(string: "xx{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"ping\"}yy")
        buffer.moveReaderIndex(forwardBy: 2)
        buffer.moveWriterIndex(to: buffer.writerIndex - 2)
        let rewritten = try Message(buffer).rewriting(id: ByteBuffer(string: "12"))
        #expect(String(buffer: rewritten) == "{\"jsonrpc\":\"2.0\",\"id\":12,\"method\":\"ping\"}")
    }
}
