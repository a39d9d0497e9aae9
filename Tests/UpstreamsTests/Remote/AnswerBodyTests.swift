import Curl
import JSONRPC
import NIOCore
import Supervision
import Testing

@testable import Upstreams

/// What comes out of the body of an answer.
struct AnswerBodyTests {
    private static func body(_ type: String?, status: Int = 200, limit: Int = 1000) -> AnswerBody {
        AnswerBody(
            of: HTTPResponseHead(status: status, fields: type.map { [HTTPField("content-type", $0)] } ?? []),
            messageLimit: limit)
    }

    private static func texts(_ incoming: [Incoming]) -> [String] {
        incoming.map { incoming in
            switch incoming {
            case .message(let message): String(buffer: message.bytes)
            case .unusable(let line): "unusable: \(line.reason)"
            case .oversized(let id): "oversized: \(id.map { String(buffer: $0.json) } ?? "?")"
            }
        }
    }

    @Test(
        "the media type decides, whatever else stands there",
        arguments: [
            ("application/json", AnswerBody.Form.json), ("Application/JSON; charset=utf-8", .json), (nil, .json),
            ("application/vnd.x+json", .json), ("text/event-stream", .events),
            ("text/event-stream;charset=UTF-8", .events),
            ("text/html", .other), ("text/plain; a=application/json", .other), ("", .json),
        ] as [(String?, AnswerBody.Form)])
    func forms(type: String?, form: AnswerBody.Form) {
        #expect(Self.body(type).form == form)
    }

    @Test("of a failed request only the beginning is kept, whatever its type")
    func failed() {
        var body = Self.body("text/event-stream", status: 500, limit: 10)
        #expect(body.form == .other)
        for _ in 0..<100 { body.append(ByteBuffer(repeating: 0x61, count: 1000)) }
        #expect(body.collected.readableBytes == ErrorNote.bodyLimit)
        #expect(body.finish().isEmpty)
    }

    @Test("JSON in pieces is one message; an array is as many as it holds")
    func json() {
        let ping = #"{"jsonrpc":"2.0","method":"ping","id":1}"#
        var body = Self.body("application/json")
        for byte in ping.utf8 { body.append(ByteBuffer(bytes: [byte])) }
        #expect(body.next() == nil)
        #expect(Self.texts(body.finish()) == [ping])
        var batch = Self.body("application/json")
        batch.append(ByteBuffer(string: "[\(ping), 5 ,\(ping)]"))
        #expect(Self.texts(batch.finish()) == [ping, "unusable: a message is a JSON object", ping])
    }

    @Test("half a JSON text is unusable, and nothing at all is nothing")
    func halfJSON() {
        var body = Self.body("application/json")
        #expect(body.finish().isEmpty)
        body.append(ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"result":"#))
        #expect(Self.texts(body.finish()) == ["unusable: not JSON, at byte 33"])
    }

    @Test("JSON up to the limit is taken, and a byte more thrown away, with the id if it is near the front")
    func limit() {
        let message = #"{"jsonrpc":"2.0","id":7,"result":{}}"#
        for limit in [message.utf8.count, message.utf8.count - 1] {
            var body = Self.body("application/json", limit: limit)
            body.append(ByteBuffer(string: message))
            guard limit < message.utf8.count else {
                #expect(body.next() == nil)
                #expect(Self.texts(body.finish()) == [message])
                continue
            }
            guard case .oversized(let id) = body.next() else {
                Issue.record("not oversized")
                continue
            }
            #expect(id == RequestID(7))
            body.append(ByteBuffer(string: message))
            #expect(body.next() == nil && body.finish().isEmpty && body.collected.readableBytes == 0)
        }
    }

    @Test("events come as they are complete, and one beyond the limit does not end the stream")
    func events() {
        var body = Self.body("text/event-stream", limit: 20)
        body.append(
            ByteBuffer(string: "id: 1\ndata: a\n\ndata: \(String(repeating: "x", count: 30))\n\nretry: 5\n\ndata: b"))
        var seen: [String] = []
        while let event = body.next() {
            switch event {
            case .event(let event): seen.append(String(buffer: event.data))
            case .oversized: seen.append("oversized")
            }
        }
        #expect(seen == ["a", "oversized"])
        #expect(body.lastEventID == "1" && body.retryMilliseconds == 5)
    }
}
