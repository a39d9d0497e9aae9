internal import Curl
internal import JSONRPC
internal import NIOCore
internal import Supervision

/// One message on its way to a server, from the POST to the end of what is answered to it.
final class Post {
    /// What the message is for.
    enum Role {
        /// The first of a session.
        case initialize
        /// The second: calls wait for it to arrive.
        case initialized
        /// Any other.
        case ordinary
    }

    /// The message.
    let line: ByteBuffer
    let role: Role
    /// The id, if the message is a request: if something is to be answered to it.
    let requestID: RequestID?
    /// The session it was sent in, if it was.
    let session: String?
    /// What is sent along for one client.
    let forwarded: [ForwardedHeader]

    /// The POST, or the GET that continues the stream of its answer.
    var transfer: LoopTransfer?
    /// The status of the POST's answer, or of that GET's; nil while neither has come.
    var status: HTTPStatus?
    var contentType: String?
    var body: AnswerBody?
    /// Whether what is asked has been answered, in whatever way.
    var isAnswered = false
    /// When that was, if the transfer goes on nevertheless.
    var lingersSince: NIODeadline?

    /// When the stream of its answer was opened; nil while it is not open.
    var openSince: NIODeadline?
    var resumption = StreamResumption(.answer)
    /// Whether the answer is waited for on a stream that was opened again.
    var isResumed = false
    /// The wait before that.
    var reopening: Scheduled<Void>?

    private var hasArrived = false
    private var waiting: [() -> Void] = []

    init(
        _ line: ByteBuffer, role: Role, requestID: RequestID?, session: String?, forwarded: [ForwardedHeader] = []
    ) {
        self.line = line
        self.role = role
        self.requestID = requestID
        self.session = session
        self.forwarded = forwarded
    }

    /// What must not be quoted, should the server repeat it.
    var secrets: [String] { forwarded.map(\.value) + (session.map { [$0] } ?? []) }

    /// Calls `action` as soon as the server has got the message, as far as that can be told.
    func whenArrived(_ action: @escaping () -> Void) {
        if hasArrived { action() } else { waiting.append(action) }
    }

    /// The server has the message.
    func arrived() {
        hasArrived = true
        let waiting = self.waiting
        self.waiting = []
        for action in waiting { action() }
    }

    /// Lets go of everything.
    func drop() {
        transfer?.cancel()
        transfer = nil
        reopening?.cancel()
        reopening = nil
        waiting = []
    }
}
