internal import Curl
internal import JSONRPC
internal import NIOCore
internal import Supervision

// What is answered to a POST, and what becomes of the message when it is not.

extension StreamableTransport {
    func receive(_ event: TransferEvent, for post: Post) {
        switch event {
        case .head(let head):
            begin(post, head)
        case .body(let bytes):
            post.body?.append(bytes)
            readEvents(of: post)
        case .end(let failure):
            post.transfer = nil
            if failure == nil { readRest(of: post) }
            if !isOver { conclude(post, failure) }
        }
    }

    // MARK: Reading

    private func begin(_ post: Post, _ head: HTTPResponseHead) {
        silentEnds = 0
        let status = HTTPStatus(head.status)
        post.status = status
        post.contentType = head.first("content-type")
        let body = AnswerBody(of: head, messageLimit: wire.messageLimit)
        post.body = body
        guard status.isSuccess else { return }
        if body.form == .events { post.openSince = .now() }
        post.arrived()
        switch post.role {
        case .initialize: if !post.isResumed { offered(session: head.first("mcp-session-id")) }
        case .initialized: confirmed()
        case .ordinary: if post.requestID != nil { renewal.succeeded(in: post.session) }
        }
    }

    private func readEvents(of post: Post) {
        while !isOver, let event = post.body?.next() {
            switch event {
            case .event(let event):
                post.resumption.heard(lastEventID: post.body?.lastEventID, isReset: event.id == "")
                guard event.name == "message", event.data.readableBytes > 0 else { continue }
                for incoming in Incoming.read(event.data) where !isOver { take(incoming, during: post.requestID) }
            case .oversized(let id):
                post.resumption.heard(lastEventID: post.body?.lastEventID)
                // An answer that is JSON can only be for this request, an event for any.
                take(.oversized(id: id ?? (post.body?.form == .json ? post.requestID : nil)), during: post.requestID)
            }
        }
    }

    private func readRest(of post: Post) {
        // What is answered to a message that asks nothing need not be a message, and often is not.
        guard post.requestID != nil, let body = post.body else { return }
        for incoming in body.finish() where !isOver {
            if case .unusable(let line) = incoming {
                lose(post, "answered with what is no JSON-RPC message: \(line.reason)")
            } else {
                take(incoming, during: post.requestID)
            }
        }
    }

    // MARK: The end of an answer

    private func conclude(_ post: Post, _ failure: TransferFailure?) {
        guard let status = post.status, let body = post.body else { return unanswered(post, failure) }
        guard status.isSuccess else { return refused(post, status, body.collected) }
        guard post.requestID != nil, !post.isAnswered else { return postman.finish(post) }
        if body.form == .events {
            reopen(post, failure)
        } else if let failure {
            lose(post, "broke off its answer (\(failure))")
        } else if body.form == .json {
            lose(post, "gave no answer with \(status)")
        } else {
            let type = post.contentType.flatMap(wire.note(on: post).quote) ?? "no content type"
            lose(post, "answered \(status) with \(type), which is no MCP message")
        }
    }

    private func unanswered(_ post: Post, _ failure: TransferFailure?) {
        guard let failure else { return lose(post, "closed the connection without an answer") }
        if post.role == .initialize {
            postman.finish(post)
            report(.failedToOpen(wire.outcome(of: failure)))
        } else if failure.isUnreachable {
            postman.finish(post)
            // What was answered with half a stream has been sent, whatever became of the other half.
            if post.requestID != nil, !post.isResumed { report(.event(.unsent(post.line))) }
            conclude(.lost(reason: "it cannot be reached any more (\(failure))"))
        } else if post.isResumed {
            reopen(post, failure)
        } else {
            lose(post, "did not take \(post.requestID == nil ? "notifications/initialized" : "the call") (\(failure))")
            silentEnds += 1
            if silentEnds >= Self.silentEndLimit {
                conclude(.lost(reason: "it takes connections and ends them without an answer (\(failure))"))
            }
        }
    }

    private func refused(_ post: Post, _ status: HTTPStatus, _ body: ByteBuffer) {
        if post.role == .initialize {
            postman.finish(post)
            // What resumes nothing may well have taken the POST.
            let outcome = wire.outcome(of: status, body: body)
            return report(
                .failedToOpen(post.isResumed ? .foreign("it did not resume its answer (\(status))") : outcome))
        }
        let note = wire.note(on: post).text(of: body) ?? ""
        let answer = (try? Message(body)).flatMap { $0.kind == .response && $0.id == post.requestID ? $0 : nil }
        // An error of the method or its parameters is about the call, whatever the status.
        if let answer, let code = ErrorNote.errorCode(in: body), [-32601, -32602].contains(code) {
            return pass(answer, for: post)
        }
        // Not what is quoted: there the session's id is left out, which may be any part of the text.
        let text = ErrorNote(secrets: []).text(of: body) ?? ""
        switch renewal.refused(in: post.session, status: status.code, note: text) {
        case .renew:
            giveBack(post)
            loseSession()
        case .stale:
            giveBack(post)
        case .useless:
            giveBack(post)
            conclude(.lost(reason: Self.uselessSession))
        case .unrelated:
            if let answer { return pass(answer, for: post) }
            if post.isResumed, status.isPassing { return reopen(post, nil) }
            let quoted = note.isEmpty ? "" : " (\"\(note)\")"
            lose(post, post.isResumed ? "did not resume its answer (\(status))" : "answered with \(status)\(quoted)")
        }
    }

    private func pass(_ answer: Message, for post: Post) {
        postman.finish(post)
        report(.message(answer, during: post.requestID))
    }

    /// The server knows nothing of the session, so it has not looked at the message; or it has forgotten both.
    private func giveBack(_ post: Post) {
        postman.finish(post)
        guard let id = post.requestID else { return }
        let event: UpstreamEvent =
            post.isResumed
            ? .callLost(id: id, reason: "lost the session in which the call was made")
            : .unsent(post.line)
        report(.event(event))
    }

    /// No answer will come.
    private func lose(_ post: Post, _ reason: String) {
        postman.finish(post)
        guard !post.isAnswered else { return }
        post.isAnswered = true
        switch post.role {
        case .initialize: report(.failedToOpen(.foreign("it \(reason)")))
        // Any answer will do, even one that is none: it has arrived.
        case .initialized: if post.status != nil { confirmed() } else { conclude(.lost(reason: "it \(reason)")) }
        case .ordinary: if let id = post.requestID { report(.event(.callLost(id: id, reason: reason))) }
        }
    }

    // MARK: Resuming

    /// The stream of the answer ended too early.
    private func reopen(_ post: Post, _ failure: TransferFailure?) {
        let openFor = post.openSince.map { Duration.nanoseconds((NIODeadline.now() - $0).nanoseconds) }
        post.openSince = nil
        post.resumption.ended(lastEventID: post.body?.lastEventID, retryMilliseconds: post.body?.retryMilliseconds)
        switch post.resumption.broke(openFor: openFor) {
        case .giveUp:
            let how = failure == nil ? "closed" : "broke off"
            let why = failure.map { " (\($0))" } ?? ""
            lose(post, "\(how) the stream of the answer before the answer came\(why)")
        case .reopen(let wait, let lastEventID):
            post.status = nil
            post.body = nil
            post.reopening = wire.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [weak self] in
                self?.resume(post, from: lastEventID)
            }
        }
    }

    private func resume(_ post: Post, from lastEventID: String?) {
        post.isResumed = true
        guard post.session == renewal.id || post.role == .initialize else { return giveBack(post) }
        var fields = address.fields + [HTTPField("Accept", "text/event-stream")]
        if let lastEventID { fields.append(HTTPField("Last-Event-ID", lastEventID)) }
        post.transfer = wire.start(.get, wire.url, own: fields) { [weak self] event in self?.receive(event, for: post) }
    }
}
