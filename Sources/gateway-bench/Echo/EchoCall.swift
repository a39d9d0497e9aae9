internal import NIOCore

/// The one tool call that is measured, in the one spelling that the load generator sends and the echo server takes.
///
/// Both sides build it from these parts, so that neither spends its time on reading JSON: the gateway is what is
/// measured.
enum EchoCall {
    static let requestStart = "{\"jsonrpc\":\"2.0\",\"id\":"
    static let requestParams = ",\"method\":\"tools/call\",\"params\":"
    /// What stands before the text, from the params' brace on; its opening quote is part of the text.
    static let paramsStart = "{\"name\":\"echo\",\"arguments\":{\"text\":"
    static let argumentsEnd = "}"
    static let paramsEnd = "}"
    static let requestEnd = "}"

    static let answerStart = "{\"jsonrpc\":\"2.0\",\"id\":"
    static let answerResult = ",\"result\":{"
    static let answerContent = "\"content\":[{\"type\":\"text\",\"text\":"
    static let answerEnd = "}]}}"

    /// What the gateway leaves of what a client of MCP 2026-07-28 says of itself.
    private static let emptyMeta = ",\"_meta\":{}"

    /// The text in a call's params, with its quotes, or nil for params of another shape.
    static func text(in params: ByteBuffer) -> ByteBuffer? {
        let start = paramsStart.utf8.count
        guard params.readableBytesView.starts(with: paramsStart.utf8) else { return nil }
        for end in [argumentsEnd + paramsEnd, argumentsEnd + emptyMeta + paramsEnd] {
            let length = params.readableBytes - start - end.utf8.count
            guard length >= 2, params.readableBytesView.suffix(end.utf8.count + 1).starts(with: "\"\(end)".utf8) else {
                continue
            }
            return params.getSlice(at: params.readerIndex + start, length: length)
        }
        return nil
    }

    /// The answer to the call with this id.
    ///
    /// - Parameters:
    ///   - id: JSON text.
    ///   - text: JSON text, with its quotes.
    static func answer(id: ByteBuffer, text: ByteBuffer) -> ByteBuffer {
        var answer = ByteBuffer()
        answer.reserveCapacity(
            id.readableBytes + text.readableBytes + answerStart.utf8.count + answerResult.utf8.count
                + answerContent.utf8.count + answerEnd.utf8.count)
        answer.writeString(answerStart)
        answer.writeImmutableBuffer(id)
        answer.writeString(answerResult)
        answer.writeString(answerContent)
        answer.writeImmutableBuffer(text)
        answer.writeString(answerEnd)
        return answer
    }
}
