internal import NIOCore
internal import NIOHTTP1

/// An HTTP answer that is complete at once.
struct Response {
    var status: HTTPResponseStatus
    /// Names and values of its header fields, as `HTTPHeaders` takes them.
    var headers: [(String, String)] = []
    var body = ByteBuffer()
    /// Whether a session has answered with this, so that it is no refusal whatever the status.
    var isAnswer = false

    /// Only a status.
    static func empty(_ status: HTTPResponseStatus) -> Response {
        Response(status: status)
    }

    /// JSON.
    static func json(_ status: HTTPResponseStatus, _ body: ByteBuffer) -> Response {
        Response(status: status, headers: [("content-type", "application/json")], body: body)
    }

    /// Plain text.
    static func text(_ status: HTTPResponseStatus, _ text: String) -> Response {
        Response(
            status: status, headers: [("content-type", "text/plain; charset=utf-8")], body: ByteBuffer(string: text))
    }

    /// This answer with one more header field.
    func with(_ name: String, _ value: String) -> Response {
        var response = self
        response.headers.append((name, value))
        return response
    }
}
