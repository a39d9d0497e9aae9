internal import Curl
internal import JSONRPC
internal import NIOCore
internal import Supervision

/// Sends the messages of one connection, each with a POST of its own, and knows those that are under way.
///
/// What the answers mean is for the transport to say: every event of every POST goes to it.
final class Postman {
    /// How many messages may be under way.
    static let limit = 1024
    /// How long a cancellation waits for the message that it cancels: POSTs can overtake each other, and what
    /// arrives before its request cancels nothing.
    private static let headStart = TimeAmount.milliseconds(100)
    /// How long an answer to a POST may go on after the message was answered. Its connection can be used again if
    /// it ends by itself.
    private static let linger = TimeAmount.seconds(1)
    /// How long messages may take that nobody answers.
    private static let acknowledgement = Duration.seconds(30)

    private let wire: RemoteWire
    private let onEvent: (Post, TransferEvent) -> Void
    private var posts: [ObjectIdentifier: Post] = [:]
    private var requests: [RequestID: Post] = [:]
    private var bytes = 0
    private var sweep: Scheduled<Void>?

    /// - Parameter onEvent: called on the event loop for everything that happens to a POST.
    init(_ wire: RemoteWire, onEvent: @escaping (Post, TransferEvent) -> Void) {
        self.wire = wire
        self.onEvent = onEvent
    }

    /// Where messages go, and what the protocol sends along with each.
    struct Address {
        var url: HTTPURL
        var fields: [HTTPField] = []
        /// The session that the fields name.
        var session: String?
    }

    /// Sends a message, or keeps a cancellation until its request has arrived.
    ///
    /// - Throws: `UpstreamSendFailure` when too many are under way. What cancels one of them is sent nevertheless.
    func send(
        _ line: ByteBuffer, to address: Address, role: Post.Role = .ordinary, forwarded: [ForwardedHeader] = []
    ) throws(UpstreamSendFailure) {
        let message = try? Message(line)
        let requestID = message?.kind == .request ? message?.id : nil
        let post = Post(
            line, role: role, requestID: requestID, session: address.session, forwarded: forwarded)
        if let message, message.isMethod("notifications/cancelled"),
            let cancelled = message.cancelledRequestID.flatMap({ requests[$0] })
        {
            cancel(cancelled, with: post, address)
        } else if posts.count < Self.limit {
            start(post, to: address)
        } else {
            throw .backlogFull(bytes: bytes)
        }
    }

    /// Forgets a message: nothing more is to come of it.
    func finish(_ post: Post) {
        guard posts.removeValue(forKey: ObjectIdentifier(post)) != nil else { return }
        if let id = post.requestID, requests[id] === post { requests[id] = nil }
        bytes -= post.line.readableBytes
        post.arrived()
        post.drop()
    }

    /// The request of this id was answered: the rest of its POST is given a moment.
    func answered(_ id: RequestID?) {
        guard let post = id.flatMap({ requests[$0] }) else { return }
        post.isAnswered = true
        post.lingersSince = .now()
        scheduleSweep()
    }

    /// Forgets all messages.
    func stop() {
        sweep?.cancel()
        for post in posts.values { post.drop() }
        posts = [:]
        requests = [:]
        bytes = 0
    }

    // MARK: Sending

    private func start(_ post: Post, to address: Address) {
        posts[ObjectIdentifier(post)] = post
        if let id = post.requestID { requests[id] = post }
        bytes += post.line.readableBytes
        let own =
            address.fields + [
                HTTPField("Content-Type", "application/json"),
                HTTPField("Accept", "application/json, text/event-stream"),
            ]
        post.transfer = wire.start(
            .post, address.url, own: own, forwarded: post.forwarded, body: post.line,
            within: post.requestID == nil ? Self.acknowledgement : nil
        ) { [weak self] event in self?.onEvent(post, event) }
    }

    private func cancel(_ cancelled: Post, with cancellation: Post, _ address: Address) {
        // Only when the server has the cancellation is the stream closed: that alone would cancel nothing.
        cancellation.whenArrived { [weak self] in self?.finish(cancelled) }
        cancelled.whenArrived { [weak self] in self?.start(cancellation, to: address) }
        wire.eventLoop.assumeIsolated().scheduleTask(in: Self.headStart) { cancelled.arrived() }
    }

    // MARK: Lingering

    private func scheduleSweep() {
        guard sweep == nil else { return }
        sweep = wire.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { [weak self] in self?.sweepUp() }
    }

    private func sweepUp() {
        sweep = nil
        let now = NIODeadline.now()
        for post in posts.values {
            guard let since = post.lingersSince else { continue }
            if now - since >= Self.linger { finish(post) } else { scheduleSweep() }
        }
    }
}
