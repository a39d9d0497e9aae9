internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// What servers of any revision answer, as a client of MCP 2026-07-28 gets it.

extension StatelessDesk {
    /// The answer to a call.
    func answer(
        _ answer: Answer, to request: StatelessRequest, id: RequestID, _ client: ClientProfile, _ mark: ServerMark
    ) -> StatelessAnswer {
        switch answer {
        case .unavailable(let unavailability, _):
            return .unavailable(unavailability, id: id)
        case .cancelled:
            let cancelled = ModernError(code: ErrorCode.requestCancelled.rawValue, message: "Request cancelled")
            return .error(id, cancelled)
        case .message(let bytes):
            let caching = ModernResult.isCacheable(request.method) ? ModernResult.Caching.none : nil
            let completed = ModernResult.completing(
                bytes, mark: mark, caching: caching, isPersonal: request.route.isPersonal,
                isMerged: request.route.server == nil)
            if let completed {
                // A call that is made again has another id than the one that its server answers.
                return StatelessAnswer(id == request.id ? completed : Self.renamed(completed, id))
            }
            guard let message = try? Message(bytes) else {
                return .error(id, ModernError(.internalError, "\(request.route.spokenName) gave no usable answer"))
            }
            guard let error = message.error else {
                let reason =
                    "\(request.route.spokenName) gave a result that is no object, or says twice what it is"
                return .error(id, ModernError(.internalError, reason))
            }
            if let required = RequiredURLs(of: error), InputRequired.isAllowed(for: request.method) {
                return sendAway(required, request, id, client, mark)
            }
            guard let translated = ModernError.translating(error) else {
                let code = JSONOutline.members(of: error)?.first { $0.key == "code" }
                let status = code.flatMap { Int(String(buffer: $0.value)) }.map {
                    ModernError(code: $0, message: "").status
                }
                return StatelessAnswer(Self.renamed(message.singleLine, id), status: status ?? 200)
            }
            return .error(id, translated)
        }
    }

    /// Answers a request as soon as it is known what its server is.
    func answer(
        _ request: StatelessRequest, of caller: Caller, into sink: any StatelessSink,
        with answer: @escaping (ServerDescription) -> StatelessAnswer
    ) {
        let bound = NIOLoopBound((sink: sink, answer: answer), eventLoop: eventLoop)
        request.route.callee.describe(for: caller) { result in
            let (sink, answer) = bound.value
            switch result {
            case .success(let description): sink.finish(answer(description))
            case .failure(let unavailability): sink.finish(.unavailable(unavailability, id: request.id))
            }
        }
    }

    private static func renamed(_ response: ByteBuffer, _ id: RequestID) -> ByteBuffer {
        guard let message = try? Message(response), message.id != id else { return response }
        return message.rewriting(id: id.json)
    }

    // MARK: URLs that must be visited first (-32042, MCP 2025-11-25 only)

    /// Sends the client to the URLs, and lets it make the call again afterwards.
    private func sendAway(
        _ required: RequiredURLs, _ request: StatelessRequest, _ id: RequestID, _ client: ClientProfile,
        _ mark: ServerMark
    ) -> StatelessAnswer {
        guard client.capabilities.urlElicitation else {
            let needed = ByteBuffer(string: #"{"requiredCapabilities":{"elicitation":{"url":{}}}}"#)
            let reason =
                "\(request.route.spokenName) wants a page to be visited first: \(required.urls.joined(separator: " "))"
            return .error(id, ModernError(.missingClientCapability, reason, data: needed))
        }
        let visits = required.elicitations.enumerated().map { index, params in
            (key: "visit-\(index + 1)", request: InputRequired.entry(method: "elicitation/create", params: params))
        }
        return sendAway(visits, request.holder, id, mark)
    }

    /// Asks once more, of a client that came back without all the answers.
    func sendAway(
        _ visits: [(key: String, request: ByteBuffer)], _ request: StatelessRequest, _ caller: Caller,
        _ sink: any StatelessSink
    ) {
        answer(request, of: caller, into: sink) {
            self.sendAway(visits, request.holder, request.id, $0.mark)
        }
    }

    private func sendAway(
        _ visits: [(key: String, request: ByteBuffer)], _ holder: ParkedCalls.Holder, _ id: RequestID,
        _ mark: ServerMark
    ) -> StatelessAnswer {
        let bytes = visits.reduce(0) { $0 + $1.request.readableBytes }
        switch park(.repetition(visits), for: holder, bytes: bytes) {
        case .failure(let refusal):
            return .error(id, refusal)
        case .success(let state):
            let result = InputRequired.result(visits, state: state, mark: mark)
            return StatelessAnswer(MessageBuilder.result(id: id, result))
        }
    }

    /// How a call ends whose client does not want to go where its server sends it.
    static func refusal(of request: StatelessRequest, _ mark: ServerMark) -> StatelessAnswer {
        let reason = "the page that \(request.route.spokenName) asks for was not visited"
        guard request.method == "tools/call" else {
            return .error(request.id, ModernError(.internalError, reason))
        }
        let text = JSONText.object([("type", JSONText.quotedBuffer("text")), ("text", JSONText.quotedBuffer(reason))])
        let result = JSONText.object([
            ("resultType", JSONText.quotedBuffer("complete")), ("content", JSONText.array([text])),
            ("isError", ByteBuffer(string: "true")), ("_meta", JSONText.object([(MetaKey.serverInfo, mark.info)])),
        ])
        return StatelessAnswer(MessageBuilder.result(id: request.id, result))
    }
}

extension StatelessAnswer {
    /// The server cannot be reached now. Never a 4xx, from which clients would conclude something about the protocol; and
    /// nothing that invites to send again what the server had got already.
    static func unavailable(_ unavailability: Unavailability, id: RequestID) -> StatelessAnswer {
        guard !unavailability.wasSent else { return StatelessAnswer(unavailability.message(for: id)) }
        return StatelessAnswer(unavailability.message(for: id), status: 503, retryAfter: unavailability.retryAfter)
    }
}
