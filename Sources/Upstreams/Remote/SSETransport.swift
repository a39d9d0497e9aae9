internal import Curl
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// HTTP+SSE (MCP 2024-11-05 "Transports"): one stream of events for everything the server says, and an endpoint that
/// it names to post messages to. The session lives as long as the stream.
final class SSETransport: LegacyTransport {
    private let wire: RemoteWire
    private let report: (TransportNews) -> Void
    private lazy var postman = Postman(wire) { [weak self] in self?.receive($1, for: $0) }
    private var stream: LoopTransfer?
    /// Where the stream comes from: the configured URL, or where that led.
    private var source: HTTPURL
    private var status: HTTPStatus?
    private var body: AnswerBody?
    private var initialize: ByteBuffer?
    /// Where messages go, once the server has said it.
    private var endpoint: HTTPURL?
    private var isOver = false

    init(_ wire: RemoteWire, report: @escaping (TransportNews) -> Void) {
        self.wire = wire
        self.report = report
        source = wire.url
    }

    // MARK: RemoteTransport

    var awaited: String {
        if endpoint != nil { return "answer to initialize" }
        return status == nil ? "answer" : "\"endpoint\" event on its stream"
    }

    func open(with initialize: ByteBuffer) {
        self.initialize = initialize
        stream = wire.start(.get, wire.url, own: [HTTPField("Accept", "text/event-stream")]) { [weak self] event in
            self?.receive(event)
        }
    }

    func confirm(_ description: ServerDescription, with initialized: ByteBuffer) {
        post(initialized, role: .initialized)
    }

    func send(_ line: ByteBuffer, forwarded: [ForwardedHeader]) throws(UpstreamSendFailure) {
        guard let endpoint else { throw .closed }
        try postman.send(line, to: Postman.Address(url: endpoint), forwarded: forwarded)
    }

    func leave(then: @escaping () -> Void) {
        abandon()
        then()
    }

    func abandon() {
        isOver = true
        stream?.cancel()
        stream = nil
        postman.stop()
    }

    // MARK: The stream

    private func receive(_ event: TransferEvent) {
        switch event {
        case .head(let head): begin(head)
        case .body(let bytes): read(bytes)
        case .end(let failure): end(failure)
        }
    }

    private func begin(_ head: HTTPResponseHead) {
        let body = AnswerBody(of: head, messageLimit: wire.messageLimit)
        status = HTTPStatus(head.status)
        source = head.url ?? wire.url
        self.body = body
        guard head.status == 200, body.form != .events else { return }
        let type = head.first("content-type") ?? "no content type"
        let shown = wire.note().quote(type) ?? "no content type"
        conclude(.failedToOpen(.foreign("it answered with \(shown) instead of a stream of events")))
    }

    private func read(_ bytes: ByteBuffer) {
        body?.append(bytes)
        while !isOver, let event = body?.next() {
            switch event {
            case .event(let event): take(event)
            case .oversized(let id):
                postman.answered(id)
                report(.event(.oversizedMessage(id: id)))
            }
        }
    }

    private func take(_ event: ServerSentEvent) {
        switch event.name {
        case "endpoint":
            if endpoint == nil { connect(to: String(buffer: event.data)) }
        case "message":
            // Some servers keep a stream alive with empty messages.
            guard event.data.readableBytes > 0 else { return }
            for incoming in Incoming.read(event.data) where !isOver { take(incoming) }
        default:
            return
        }
    }

    private func take(_ incoming: Incoming) {
        switch incoming {
        case .message(let message):
            if message.kind == .response { postman.answered(message.id) }
            report(.message(message, during: nil))
        case .unusable(let line):
            postman.answered(line.answeredID)
            report(.event(.unusableOutput(line)))
        case .oversized(let id):
            postman.answered(id)
            report(.event(.oversizedMessage(id: id)))
        }
    }

    /// What is sent to the endpoint may hold secrets, so the server cannot choose who gets it.
    private func connect(to reference: String) {
        guard let initialize else { return }
        let words = reference.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let url = try? source.resolving(String(words[0])) else {
            return conclude(.failedToOpen(.refused("the \"endpoint\" it names is no URL to post to")))
        }
        guard url.origin == source.origin else {
            return conclude(
                .failedToOpen(
                    .refused("the \"endpoint\" it names is at \(url.origin), another origin than \(source.origin)")))
        }
        endpoint = url
        post(initialize, role: .initialize)
    }

    private func end(_ failure: TransferFailure?) {
        stream = nil
        guard let status, let body else {
            let outcome = failure.map(wire.outcome(of:)) ?? .foreign("it closed the connection without an answer")
            return conclude(.failedToOpen(outcome))
        }
        guard status.code == 200 else {
            return conclude(.failedToOpen(wire.outcome(of: status, body: body.collected)))
        }
        let how = failure.map { "the stream of events broke (\($0))" } ?? "it closed the stream of events"
        if endpoint == nil {
            conclude(.failedToOpen(.failed("\(how) before it named an endpoint", isUnreachable: false)))
        } else {
            conclude(.lost(reason: how))
        }
    }

    // MARK: Messages

    private func post(_ line: ByteBuffer, role: Post.Role) {
        guard let endpoint else { return }
        // Nothing else is under way yet that could fill the limit.
        try? postman.send(line, to: Postman.Address(url: endpoint), role: role)
    }

    /// What is answered to a POST is no more than an acknowledgement; the answer comes on the stream.
    private func receive(_ event: TransferEvent, for post: Post) {
        switch event {
        case .head(let head):
            let status = HTTPStatus(head.status)
            post.status = status
            guard status.isSuccess else {
                post.body = AnswerBody(of: head, messageLimit: wire.messageLimit)
                return
            }
            post.arrived()
            if post.role == .initialized { report(.confirmed) }
        case .body(let bytes):
            post.body?.append(bytes)
        case .end(let failure):
            postman.finish(post)
            guard !post.isAnswered else { return }
            if let status = post.status {
                if !status.isSuccess { refused(post, status) }
            } else if let failure {
                failed(post, failure)
            }
        }
    }

    private func refused(_ post: Post, _ status: HTTPStatus) {
        let note = post.body.flatMap { wire.note(on: post).text(of: $0.collected) }.map { " (\"\($0)\")" } ?? ""
        switch post.role {
        case .initialize:
            let refusal = AttemptOutcome.refused("it answered initialize with \(status)\(note)")
            let outcome = wire.outcome(of: status, body: post.body?.collected ?? ByteBuffer())
            conclude(.failedToOpen(outcome.trouble == .unauthorized ? outcome : refusal))
        case .initialized, .ordinary:
            if status.code == 404 || status.code == 410 {
                // It does not know the session, so it has not looked at the message.
                if post.requestID != nil { report(.event(.unsent(post.line))) }
                conclude(.lost(reason: "it answered a message with \(status): it has forgotten the session"))
            } else if let id = post.requestID {
                report(.event(.callLost(id: id, reason: "answered the call with \(status)\(note)")))
            } else if post.role == .initialized {
                conclude(.lost(reason: "it answered notifications/initialized with \(status)\(note)"))
            }
        }
    }

    private func failed(_ post: Post, _ failure: TransferFailure) {
        if post.role == .initialize {
            return conclude(.failedToOpen(wire.outcome(of: failure)))
        }
        if failure.isUnreachable {
            if post.requestID != nil { report(.event(.unsent(post.line))) }
            conclude(.lost(reason: "it cannot be reached any more (\(failure))"))
        } else if let id = post.requestID {
            report(.event(.callLost(id: id, reason: "did not take the call (\(failure))")))
        } else if post.role == .initialized {
            conclude(.lost(reason: "it did not take notifications/initialized (\(failure))"))
        }
    }

    /// The last thing that is reported.
    private func conclude(_ news: TransportNews) {
        guard !isOver else { return }
        abandon()
        report(news)
    }
}
