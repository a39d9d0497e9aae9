import JSONRPC
import NIOCore
import Testing

@Suite("The gateway's own messages")
struct MessageBuilderTests {
    @Test("answers")
    func answers() throws {
        let id = RequestID(json: ByteBuffer(string: "\"a\\u0062\""))
        #expect(
            String(buffer: MessageBuilder.result(id: id, ByteBuffer(string: "{\"x\": 1}")))
                == "{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\",\"result\":{\"x\": 1}}")
        #expect(
            String(buffer: MessageBuilder.error(id: RequestID(5), code: -32601, message: "no \"x\""))
                == "{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":-32601,\"message\":\"no \\\"x\\\"\"}}")
        #expect(
            String(
                buffer: MessageBuilder.error(
                    id: nil, code: -32700, message: "a\nb", data: ByteBuffer(string: "[1,\r\n2]")))
                == "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"a\\nb\",\"data\":[1,  2]}}"
        )
    }

    @Test("an answer to nobody's id has none where the revision has no null")
    func withoutID() {
        #expect(
            String(buffer: MessageBuilder.error(id: nil, hasID: false, code: -32700, message: "a"))
                == "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"a\"}}")
        #expect(
            String(buffer: MessageBuilder.error(id: RequestID(5), hasID: false, code: -32700, message: "a"))
                == "{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":-32700,\"message\":\"a\"}}")
    }

    @Test("calls are messages that the scanner takes")
    func calls() throws {
        let request = try Message(
            MessageBuilder.request(
                id: RequestID(3), method: "a\u{1}/\"", params: ByteBuffer(string: "{\n\"name\":\"n\"}")))
        #expect(request.kind == .request)
        #expect(request.id == RequestID(3))
        #expect(request.methodName == "a\u{1}/\"")
        #expect(request.paramsName == "n")
        #expect(!request.envelope.containsLineBreaks)
        #expect(
            String(buffer: MessageBuilder.request(id: RequestID(3), method: "ping"))
                == "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}")
        #expect(String(buffer: MessageBuilder.notification(method: "n")) == "{\"jsonrpc\":\"2.0\",\"method\":\"n\"}")
        #expect(
            String(buffer: MessageBuilder.notification(method: "n", params: ByteBuffer(string: "{}")))
                == "{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":{}}")
    }

    @Test("every string is quoted so that it reads back the same, on one line")
    func quoting() {
        for value in 0...0x2FFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let string = "x\(Character(scalar))y"
            var buffer = ByteBuffer()
            JSONText.write(string, into: &buffer)
            #expect(String(buffer: buffer) == JSONText.quoted(string))
            #expect(buffer == JSONText.quotedBuffer(string))
            #expect(JSONOutline.string(buffer)?.unicodeScalars.elementsEqual(string.unicodeScalars) == true)
            #expect(!buffer.readableBytesView.contains { $0 < 0x20 })
        }
        #expect(JSONText.quoted("\u{0}\u{1f}\u{7f}\u{2028}\"\\/\n") == "\"\\u0000\\u001f\u{7f}\u{2028}\\\"\\\\/\\n\"")
    }
}
