internal import NIOCore

/// The text of the calls of one measurement.
///
/// It begins with the session's and the call's number, so that an answer that goes to the wrong one is noticed.
struct Payload {
    /// The text's length in JSON, in bytes.
    let size: Int
    private let filler: ByteBuffer
    private let isModern: Bool

    /// - Parameters:
    ///   - size: at least 16.
    ///   - transport: over which the calls are made.
    init(size: Int, over transport: Transport) {
        self.size = size
        isModern = transport == .modern
        // Lines of 64 bytes, like the texts that tools return; a line break is two bytes in JSON.
        var text = ""
        text.reserveCapacity(size + 64)
        while text.utf8.count < size {
            text += "The quick brown fox jumps over the lazy dog, 0123456789 times.\\n"
        }
        filler = ByteBuffer(string: String(text.prefix(size - Self.labelLength)))
    }

    private static let labelLength = 16

    /// A call and what it must be answered.
    func call(session: Int, number: Int) -> (request: RequestBody, answer: AwaitedAnswer) {
        let id = String(10_000_000 + number)
        let label = "\"\(Self.digits(session, 7))-\(Self.digits(number, 8))"
        let request = RequestBody(
            start: EchoCall.requestStart + id + EchoCall.requestParams + EchoCall.paramsStart + label,
            filler: filler,
            end: "\"" + EchoCall.argumentsEnd + (isModern ? ModernCall.meta : "") + EchoCall.paramsEnd
                + EchoCall.requestEnd,
            fields: isModern ? ModernCall.fields : "")
        let result = EchoCall.answerResult + (isModern ? ModernCall.resultStart : "") + EchoCall.answerContent
        let answer = AwaitedAnswer.exactly(
            ByteBuffer(string: EchoCall.answerStart + id + result + label), filler,
            ByteBuffer(string: "\"" + EchoCall.answerEnd))
        return (request, answer)
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}

/// A request's body in pieces, so that a long text is not copied for each call.
struct RequestBody {
    var start: String
    var filler = ByteBuffer()
    var end = ""
    /// Fields of the head that go with it, each with its line break.
    var fields = ""

    var length: Int { start.utf8.count + filler.readableBytes + end.utf8.count }

    static let initialize = RequestBody(
        start: """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
            "clientInfo":{"name":"gateway-bench","version":"1"}}}
            """)
    static let initialized = RequestBody(start: "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
    static let listTools = RequestBody(start: "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
}
