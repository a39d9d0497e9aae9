import FuzzSupport
import JSONRPC
import NIOCore
import Testing

/// What a decoder made of a stream.
func decode(_ chunks: [ByteBuffer], limit: Int = 1000) -> (outputs: [SSEDecoder.Output], decoder: SSEDecoder) {
    var decoder = SSEDecoder(maximumLength: limit)
    var outputs: [SSEDecoder.Output] = []
    for chunk in chunks {
        decoder.append(chunk)
        while let output = decoder.next() { outputs.append(output) }
    }
    return (outputs, decoder)
}

private func event(_ data: String, name: String = "message", id: String? = nil) -> SSEDecoder.Output {
    .event(ServerSentEvent(name: name, data: ByteBuffer(string: data), id: id))
}

private func oversized(_ head: String) -> SSEDecoder.Output {
    .oversized(head: ByteBuffer(string: head))
}

@Suite("Server-sent events, read")
struct SSEDecoderTests {
    /// Streams and what the standard makes of them.
    static let streams: [(stream: String, expected: [SSEDecoder.Output])] = [
        ("", []),
        ("data: a", []),
        ("data: a\n", []),
        ("data: a\n\n", [event("a")]),
        ("data: a\r\n\r\n", [event("a")]),
        ("data: a\r\rdata: b\r\r", [event("a"), event("b")]),
        ("data: a\r\n\rdata: b\n\r\n", [event("a"), event("b")]),
        ("data: a\n\ndata: b\n\n", [event("a"), event("b")]),
        ("data:a\n\ndata:  b\n\n", [event("a"), event(" b")]),
        ("data: a\ndata: b\r\ndata\rdata: d\n\n", [event("a\nb\n\nd")]),
        (
            "event: endpoint\ndata: /git/message?sessionId=1:2\n\n",
            [event("/git/message?sessionId=1:2", name: "endpoint")]
        ),
        ("event: x\nevent: y\ndata: a\n\ndata: b\n\n", [event("a", name: "y"), event("b")]),
        ("event:\ndata: a\n\n", [event("a")]),
        ("event: x\n\ndata: a\n\n", [event("a")]),
        (": comment\n:\n\ndata: a\n: data: no\n\n", [event("a")]),
        ("\u{FEFF}data: a\n\n", [event("a")]),
        ("\u{FEFF}\u{FEFF}data: a\n\ndata: b\n\n", [event("b")]),
        ("data: a\n\n\u{FEFF}data: b\n\n", [event("a")]),
        ("id: 7\ndata\n\n", [event("", id: "7")]),
        ("id: 7\ndata: \n\nid: 8\n\n", [event("", id: "7")]),
        ("id: a\u{0}b\ndata: a\n\n", [event("a")]),
        ("id: 1\nid\ndata: a\n\n", [event("a", id: "")]),
        ("Data: a\ndata : b\n data: c\nunknown: d\n\n", []),
        ("\n\n\r\r\n\ndata: a\n\n\n\n", [event("a")]),
        ("data: \u{2028}\u{85}😀\n\n", [event("\u{2028}\u{85}😀")]),
        ("data:\n\n", [event("")]),
    ]

    @Test("[15] a stream gives the same events wherever it is cut", arguments: streams)
    func everyCut(stream: String, expected: [SSEDecoder.Output]) {
        let bytes = Array(stream.utf8)
        #expect(decode([ByteBuffer(bytes: bytes)]).outputs == expected)
        for position in 0...bytes.count {
            #expect(decode(Chunking.halves(bytes, at: position)).outputs == expected, "cut at \(position)")
        }
        for size in 1...3 {
            #expect(decode(Chunking.pieces(bytes, of: size)).outputs == expected, "in pieces of \(size)")
        }
    }

    @Test("the last id lasts until another event brings one, also one without data")
    func lastEventID() {
        #expect(decode([ByteBuffer(string: "id: 1\ndata: a\n\ndata: b\n\n")]).decoder.lastEventID == "1")
        #expect(decode([ByteBuffer(string: "id: 1\ndata: a\n\nid: 2\n\n")]).decoder.lastEventID == "2")
        #expect(decode([ByteBuffer(string: "id: 1\ndata: a\n\nid: 2\ndata: b\n")]).decoder.lastEventID == "1")
        #expect(decode([ByteBuffer(string: "id: 1\n\nid\n\n")]).decoder.lastEventID == nil)
        #expect(decode([ByteBuffer(string: "data: a\n\n")]).decoder.lastEventID == nil)
    }

    @Test("a priming event is told from others")
    func priming() {
        #expect(ServerSentEvent(data: ByteBuffer(), id: "1").isPriming)
        #expect(!ServerSentEvent(data: ByteBuffer()).isPriming)
        #expect(!ServerSentEvent(data: ByteBuffer(string: "x"), id: "1").isPriming)
    }

    @Test(
        "a retry of digits only is believed",
        arguments: [
            ("retry: 1500\n", 1500), ("retry:0\n", 0), ("retry: 5\nretry: 6\n", 6), ("retry: 5\nretry: 6s\n", 5),
            ("retry: -1\n", nil),
            ("retry: +1\n", nil), ("retry:  1\n", nil), ("retry\n", nil), ("retry: 99999999999999999999\n", nil),
            ("retry: ٣\n", nil),
        ] as [(String, Int?)])
    func retry(stream: String, expected: Int?) {
        let (outputs, decoder) = decode([ByteBuffer(string: stream)])
        #expect(decoder.retryMilliseconds == expected)
        #expect(outputs.isEmpty)
    }

    @Test(
        "an event over the limit is reported once with the beginning of its data, and the next one is good",
        arguments: [
            ("data: 1234\n\n", [event("1234")]),
            ("data: 12345\n\ndata: a\n\n", [oversized("1234"), event("a")]),
            ("data: 12345\r\ndata: x\r\n\r\ndata: a\r\n\r\n", [oversized("1234"), event("a")]),
            ("data: 12345\r\rdata: a\r\r", [oversized("1234"), event("a")]),
            ("data:12\ndata:34\n\ndata: a\n\n", [oversized("12"), event("a")]),
            ("data\ndata:1\ndata:2\n\ndata: a\n\n", [oversized("\n1"), event("a")]),
            ("id: 5\ndata:3456789\n\ndata: a\n\n", [oversized(""), event("a")]),
            ("xxxxxxxxxxxxxxxx\ndata: b\n\ndata: a\n\n", [oversized(""), event("a")]),
            (":345678901\n\ndata: a\n\n", [event("a")]),
            (":3456789012\n\ndata: a\n\n", [oversized(""), event("a")]),
            (":34567\n:34567\n:34567\ndata: a\n\n", [event("a")]),
            ("\u{FEFF}data: 1234\n\n\u{FEFF}data: a\n\n", [event("1234")]),
            ("\u{FEFF}data: 12345\n\ndata: a\n\n", [oversized("1234"), event("a")]),
        ] as [(String, [SSEDecoder.Output])])
    func limit(stream: String, expected: [SSEDecoder.Output]) {
        let bytes = Array(stream.utf8)
        #expect(decode([ByteBuffer(bytes: bytes)], limit: 10).outputs == expected)
        for position in 0...bytes.count {
            #expect(decode(Chunking.halves(bytes, at: position), limit: 10).outputs == expected, "cut at \(position)")
        }
        #expect(decode(Chunking.pieces(bytes, of: 1), limit: 10).outputs == expected)
    }

    @Test("an oversized event's id counts, or a client that resumes would get it again")
    func oversizedID() {
        let stream = "id: 5\ndata: 12345678901\n\n"
        #expect(decode([ByteBuffer(string: stream)], limit: 12).decoder.lastEventID == "5")
        #expect(decode(Chunking.pieces(Array(stream.utf8), of: 1), limit: 12).decoder.lastEventID == "5")
    }

    @Test("random streams give the same events however they are cut", arguments: Fuzzing.seeds())
    func fuzzCuts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words = [
            "data", "data: ", "event: ", "id: ", "retry: 1", ":", "a", "\u{FEFF}", "\r", "\n", "\r\n", "\n\n", "é",
        ]
        for _ in 0..<Fuzzing.rounds(2000) {
            let count = Int.random(in: 0...40, using: &generator)
            let stream = (0..<count).flatMap { _ in Array((words.randomElement(using: &generator) ?? "").utf8) }
            let limit = Int.random(in: 8...40, using: &generator)
            let whole = decode([ByteBuffer(bytes: stream)], limit: limit)
            let cut = decode(Chunking.random(stream, upTo: 7, using: &generator), limit: limit)
            #expect(cut.outputs == whole.outputs, "seed \(seed)")
            #expect(cut.decoder.lastEventID == whole.decoder.lastEventID, "seed \(seed)")
            #expect(cut.decoder.retryMilliseconds == whole.decoder.retryMilliseconds, "seed \(seed)")
        }
    }
}

@Suite("Server-sent events, written")
struct SSEEncoderTests {
    private func written(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        write(&buffer)
        return String(buffer: buffer)
    }

    @Test("[17] an event is a type and one line of data")
    func events() {
        #expect(
            written { SSEEncoder.event("message", data: ByteBuffer(string: "{\"a\":1}"), into: &$0) }
                == "event: message\ndata: {\"a\":1}\n\n")
        #expect(
            written { SSEEncoder.event(data: ByteBuffer(string: "x"), id: "s.1", into: &$0) } == "id: s.1\ndata: x\n\n")
        #expect(written { SSEEncoder.event(data: ByteBuffer(), id: "s.0", into: &$0) } == "id: s.0\ndata: \n\n")
    }

    @Test("comments and retries")
    func others() {
        #expect(written { SSEEncoder.comment("ping", into: &$0) } == ": ping\n\n")
        #expect(written { SSEEncoder.comment(into: &$0) } == ":\n\n")
        #expect(written { SSEEncoder.retry(milliseconds: 1500, into: &$0) } == "retry: 1500\n\n")
    }

    @Test("[15] nothing can end a line early, and U+2028, emoji and surrogate escapes pass untouched")
    func noRawLineBreaks() {
        let text = written {
            SSEEncoder.event(
                "a\nb\r", data: ByteBuffer(string: "{\n\"x\":\r\n\"\u{2028}😀\\ud83d\\ude00\\n\"}"), id: "1\r\n2",
                into: &$0)
            SSEEncoder.comment("a\n\ndata: evil", into: &$0)
        }
        #expect(
            text == "id: 1  2\nevent: a b \ndata: { \"x\":  \"\u{2028}😀\\ud83d\\ude00\\n\"}\n\n: a  data: evil\n\n")
    }

    @Test("what is written is read back the same")
    func roundTrip() {
        var buffer = ByteBuffer(string: "\u{FEFF}")
        let data = ByteBuffer(string: " {\"text\":\"\u{2028}😀é\"}")
        SSEEncoder.comment("hello", into: &buffer)
        SSEEncoder.event("endpoint", data: data, id: "1", into: &buffer)
        SSEEncoder.retry(milliseconds: 7, into: &buffer)
        SSEEncoder.event(data: ByteBuffer(), id: "2", into: &buffer)
        let (outputs, decoder) = decode(Chunking.pieces(Array(buffer.readableBytesView), of: 3))
        #expect(
            outputs == [
                .event(ServerSentEvent(name: "endpoint", data: data, id: "1")),
                .event(ServerSentEvent(data: ByteBuffer(), id: "2")),
            ])
        #expect(decoder.retryMilliseconds == 7)
        #expect(decoder.lastEventID == "2")
    }
}
