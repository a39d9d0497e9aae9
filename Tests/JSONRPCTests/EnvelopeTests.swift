import JSONRPC
import NIOCore
import Testing

@Suite("The routing members of a message")
struct EnvelopeTests {
    private func text(_ json: String, _ range: Range<Int>?) -> String? {
        range.map { String(decoding: Array(json.utf8)[$0], as: Unicode.UTF8.self) }
    }

    private func envelope(_ json: String) throws -> Envelope {
        try Envelope(scanning: ByteBuffer(string: json))
    }

    @Test("every routing member is found at its level, and only there")
    func everyMember() throws {
        let json = """
            {"x":{"id":9,"method":"no","name":"no"},"jsonrpc":"2.0","id":"a","method":"tools/call",\
            "params":{"deep":{"name":"no","_meta":{"progressToken":0}},"name":"clock","uri":"file:///x",\
            "progressToken":5,"requestId":"r","_meta":{"x":{"progressToken":1},"progressToken":"p"}}}
            """
        let envelope = try envelope(json)
        #expect(text(json, envelope.id) == "\"a\"")
        #expect(text(json, envelope.method) == "tools/call")
        #expect(text(json, envelope.params)?.hasPrefix("{\"deep\"") == true)
        #expect(text(json, envelope.params)?.hasSuffix("\"p\"}}") == true)
        #expect(text(json, envelope.paramsName) == "\"clock\"")
        #expect(text(json, envelope.paramsURI) == "\"file:///x\"")
        #expect(text(json, envelope.progressToken) == "5")
        #expect(text(json, envelope.cancelledRequestID) == "\"r\"")
        #expect(text(json, envelope.metaProgressToken) == "\"p\"")
        #expect(envelope.result == nil)
        #expect(envelope.error == nil)
        #expect(!envelope.methodIsEscaped)
        #expect(!envelope.containsLineBreaks)
    }

    @Test("result and error are found whole, of whatever kind", arguments: ["result", "error"])
    func answers(member: String) throws {
        for value in ["{\"a\":[1,{}]}", "[]", "null", "\"x\"", "-1.5e3", "false"] {
            let json = "{\"jsonrpc\":\"2.0\",\"\(member)\":\(value),\"id\":7}"
            let envelope = try envelope(json)
            #expect(text(json, member == "result" ? envelope.result : envelope.error) == value)
            #expect((member == "result" ? envelope.error : envelope.result) == nil)
            #expect(text(json, envelope.id) == "7")
        }
    }

    @Test("values that cannot be names or tokens are passed over")
    func otherKinds() throws {
        let envelope = try envelope(
            """
            {"jsonrpc":"2.0","method":"m","params":{"name":1,"uri":null,"progressToken":{},"requestId":true,\
            "_meta":[{"progressToken":1}]}}
            """)
        #expect(envelope.paramsName == nil)
        #expect(envelope.paramsURI == nil)
        #expect(envelope.progressToken == nil)
        #expect(envelope.cancelledRequestID == nil)
        #expect(envelope.metaProgressToken == nil)
    }

    @Test("a key written with escapes is the same key")
    func escapedKeys() throws {
        let json = """
            {"json\\u0072pc":"2.0","\\u0069d":1,"\\u006dethod":"a\\/b","p\\u0061rams":{"n\\u0061me":"n",\
            "u\\u0072i":"u","progressTok\\u0065n":2,"request\\u0049d":3,"\\u005Fmeta":{"\\u0070rogressToken":4}}}
            """
        let envelope = try envelope(json)
        #expect(text(json, envelope.id) == "1")
        #expect(text(json, envelope.method) == "a\\/b")
        #expect(envelope.methodIsEscaped)
        #expect(text(json, envelope.paramsName) == "\"n\"")
        #expect(text(json, envelope.paramsURI) == "\"u\"")
        #expect(text(json, envelope.progressToken) == "2")
        #expect(text(json, envelope.cancelledRequestID) == "3")
        #expect(text(json, envelope.metaProgressToken) == "4")
        let answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"r\\u0065sult\":true}"
        #expect(text(answer, try self.envelope(answer).result) == "true")
        let failure = "{\"jsonrpc\":\"2.0\",\"id\":1,\"\\u0065rror\":{}}"
        #expect(text(failure, try self.envelope(failure).error) == "{}")
    }

    @Test(
        "ids keep their spelling",
        arguments: [
            "0", "-0", "-1", "9007199254740993", "123456789012345678901234567890", "\"\"", "\"1\"", "\"\\u0041\"",
        ])
    func ids(id: String) throws {
        let message = try Message(ByteBuffer(string: "{\"jsonrpc\":\"2.0\",\"id\":\(id),\"method\":\"ping\"}"))
        #expect(message.id == RequestID(json: ByteBuffer(string: id)))
    }

    @Test(
        "a line break between tokens is noticed, an escaped one is not",
        arguments: [
            ("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}", false),
            ("{ \"jsonrpc\"\t:\"2.0\",\"method\":\"a\\r\\n\u{2028}\"}", false),
            ("{\"jsonrpc\":\"2.0\",\n\"method\":\"m\"}", true),
            ("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}\r", true),
            ("\n{\"jsonrpc\":\"2.0\",\"method\":\"m\"}", true),
            ("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"x\":[{\"y\":[ \r ]}]}", true),
        ])
    func lineBreaks(json: String, expected: Bool) throws {
        #expect(try envelope(json).containsLineBreaks == expected)
    }

    @Test("offsets count from the reader index of a buffer that is part of another")
    func slices() throws {
        var buffer = ByteBuffer(string: "xx{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"ping\"}yy")
        buffer.moveReaderIndex(forwardBy: 2)
        buffer.moveWriterIndex(to: buffer.writerIndex - 2)
        let message = try Message(buffer)
        #expect(message.id == RequestID(json: ByteBuffer(string: "\"q\"")))
        #expect(message.methodName == "ping")
    }
}
