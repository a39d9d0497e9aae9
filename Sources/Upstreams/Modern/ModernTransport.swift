internal import Curl
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Streamable HTTP as it is since MCP 2026-07-28 ("Streamable HTTP"): every request is a POST of its own, and whatever
/// comes of it comes in answer to that. Used on the event loop only.
final class ModernTransport: RemoteTransport {
    /// What it reports.
    enum News {
        /// A message, and the request that it came in answer to.
        case message(Message, on: RequestID)
        /// Nothing comes of a request any more; the reason is a clause about the server.
        case lost(RequestID, reason: String)
        /// Nothing came of a request at all.
        case failed(RequestID, TransferFailure)
        /// A request was refused without a word of MCP.
        case refused(RequestID, AttemptOutcome)
        /// The answer to a request is too long.
        case oversized(RequestID)
        /// Something in answer to a request is no message.
        case unusable(UnusableLine, on: RequestID)
        /// The server is of no use any more.
        case useless(reason: String)
    }

    /// How many requests may be under way.
    static let limit = 1024

    private let wire: RemoteWire
    private let report: (News) -> Void
    private var posts: [RequestID: ModernPost] = [:]
    private var bytes = 0
    /// How many requests in a row have had their connection ended without a word.
    private var silentEnds = 0
    private(set) var isOver = false

    init(_ wire: RemoteWire, report: @escaping (News) -> Void) {
        self.wire = wire
        self.report = report
    }

    // MARK: RemoteTransport

    let awaited = "answer to server/discover"

    func leave(then: @escaping () -> Void) {
        abandon()
        then()
    }

    func abandon() {
        isOver = true
        for post in posts.values { post.transfer?.cancel() }
        posts = [:]
        bytes = 0
    }

    // MARK: Requests

    /// Sends a request.
    ///
    /// - Throws: `UpstreamSendFailure` when it was not sent.
    func send(_ request: ModernRequest) throws(UpstreamSendFailure) {
        guard !isOver else { throw .closed }
        guard posts.count < Self.limit else { throw .backlogFull(bytes: bytes) }
        let post = ModernPost(request)
        posts[request.id] = post
        bytes += request.line.readableBytes
        let own =
            request.fields.map { HTTPField($0.name, $0.value) } + [
                HTTPField("Content-Type", "application/json"),
                HTTPField("Accept", "application/json, text/event-stream"),
            ]
        post.transfer = wire.start(
            .post, wire.url, own: own, forwarded: request.forwarded, body: request.line
        ) { [weak self] event in self?.receive(event, for: post) }
    }

    /// Closes the stream of a request's answer, which tells the server that nobody wants it.
    func cancel(_ id: RequestID) {
        if let post = posts[id] { finish(post) }
    }

    private func finish(_ post: ModernPost) {
        guard posts.removeValue(forKey: post.id) != nil else { return }
        bytes -= post.size
        post.transfer?.cancel()
        post.transfer = nil
    }

    // MARK: Answers

    private func receive(_ event: TransferEvent, for post: ModernPost) {
        switch event {
        case .head(let head):
            silentEnds = 0
            post.begin(head, messageLimit: wire.messageLimit)
        case .body(let bytes):
            post.body?.append(bytes)
            readEvents(of: post)
        case .end(let failure):
            post.transfer = nil
            if failure == nil { readRest(of: post) }
            if posts[post.id] === post { conclude(post, failure) }
        }
    }

    private func readEvents(of post: ModernPost) {
        while posts[post.id] === post, let event = post.body?.next() {
            switch event {
            case .event(let event):
                guard event.name == "message", event.data.readableBytes > 0 else { continue }
                for incoming in Incoming.read(event.data) where posts[post.id] === post { take(incoming, for: post) }
            case .oversized(let id):
                take(.oversized(id: id ?? (post.body?.form == .json ? post.id : nil)), for: post)
            }
        }
    }

    private func readRest(of post: ModernPost) {
        for incoming in post.body?.finish() ?? [] where posts[post.id] === post {
            if case .unusable(let line) = incoming {
                lose(post, "answered with what is no JSON-RPC message: \(line.reason)")
            } else {
                take(incoming, for: post)
            }
        }
    }

    private func take(_ incoming: Incoming, for post: ModernPost) {
        switch incoming {
        case .message(let message):
            // The answer ends it: what follows it, if anything, is for nobody.
            if message.kind == .response, message.id == post.id { post.isAnswered = true }
            report(.message(message, on: post.id))
            if post.isAnswered, post.body?.form == .json { finish(post) }
        case .unusable(let line):
            if line.answeredID == post.id { post.isAnswered = true }
            report(.unusable(line, on: post.id))
        case .oversized(let id):
            guard id == post.id else { return }
            post.isAnswered = true
            report(.oversized(post.id))
        }
    }

    // MARK: Ends

    private func conclude(_ post: ModernPost, _ failure: TransferFailure?) {
        guard !post.isAnswered else { return finish(post) }
        guard let status = post.status, let body = post.body else { return unanswered(post, failure) }
        guard status.isSuccess else { return refused(post, status, body.collected) }
        if body.form == .events {
            let how = failure.map { "broke off the stream of the answer (\($0))" }
            lose(post, how ?? "closed the stream of the answer before the answer came")
        } else if let failure {
            lose(post, "broke off its answer (\(failure))")
        } else if body.form == .json {
            lose(post, "gave no answer with \(status)")
        } else {
            let type = post.contentType.flatMap(wire.note(hiding: post.secrets).quote) ?? "no content type"
            lose(post, "answered \(status) with \(type), which is no MCP message")
        }
    }

    private func unanswered(_ post: ModernPost, _ failure: TransferFailure?) {
        guard let failure else { return lose(post, "closed the connection without an answer") }
        finish(post)
        report(.failed(post.id, failure))
        guard !failure.isUnreachable else { return }
        silentEnds += 1
        if silentEnds >= StreamableTransport.silentEndLimit {
            report(.useless(reason: "it takes connections and ends them without an answer (\(failure))"))
        }
    }

    /// An error of MCP is an answer, whatever the status is, and whether or not it says to what.
    private func refused(_ post: ModernPost, _ status: HTTPStatus, _ body: ByteBuffer) {
        let id = post.id
        finish(post)
        if let answer = try? Message(body), answer.kind == .response, answer.id == id {
            return report(.message(answer, on: id))
        }
        if let error = JSONOutline.members(of: body)?.first(where: { $0.key == "error" })?.value,
            let code = ErrorNote.errorCode(in: body), let answer = Self.answer(id, error, code: code)
        {
            return report(.message(answer, on: id))
        }
        report(.refused(id, wire.outcome(of: status, body: body)))
    }

    private static func answer(_ id: RequestID, _ error: ByteBuffer, code: Int) -> Message? {
        let members = JSONOutline.members(of: error) ?? []
        let text = members.first { $0.key == "message" }.flatMap { JSONOutline.string($0.value) }
        return try? Message(
            MessageBuilder.error(
                id: id, code: code, message: text ?? "no reason given", data: members.first { $0.key == "data" }?.value)
        )
    }

    private func lose(_ post: ModernPost, _ reason: String) {
        let id = post.id
        finish(post)
        report(.lost(id, reason: reason))
    }
}
