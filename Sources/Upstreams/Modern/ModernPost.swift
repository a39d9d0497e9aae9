internal import Curl
internal import JSONRPC
internal import NIOCore
internal import Supervision

/// One request on its way to a server of MCP 2026-07-28 over HTTP, from the POST to the end of what is answered to it.
final class ModernPost {
    let id: RequestID
    /// How long the message is.
    let size: Int
    /// What must not be quoted, should the server repeat it.
    let secrets: [String]
    var transfer: LoopTransfer?
    /// The status of the answer; nil while none has come.
    private(set) var status: HTTPStatus?
    private(set) var contentType: String?
    var body: AnswerBody?
    /// Whether the request has had its answer.
    var isAnswered = false

    init(_ request: ModernRequest) {
        id = request.id
        size = request.line.readableBytes
        secrets = request.forwarded.map(\.value)
    }

    /// The answer begins.
    func begin(_ head: HTTPResponseHead, messageLimit: Int) {
        status = HTTPStatus(head.status)
        contentType = head.first("content-type")
        body = AnswerBody(of: head, messageLimit: messageLimit)
    }
}
