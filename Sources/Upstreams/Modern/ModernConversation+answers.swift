internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// What comes from the server.

extension ModernConversation {
    /// A message of the server's.
    ///
    /// - Parameters:
    ///   - stream: the request on whose stream it came, where each has one.
    ///   - jitter: between -1 and 1, newly drawn for each message.
    mutating func received(_ message: Message, on stream: RequestID?, now: Duration, jitter: Double) -> [Effect] {
        switch message.kind {
        case .response: responded(message, now: now, jitter: jitter)
        case .notification: notified(message, on: stream, now: now, jitter: jitter)
        // There are none in this revision, and nothing could be answered to them.
        case .request: []
        }
    }

    // MARK: Responses

    private mutating func responded(_ message: Message, now: Duration, jitter: Double) -> [Effect] {
        guard let wireID = message.id else { return [] }
        if let id = call(on: wireID) { return conclude(id, message) }
        guard let purpose = purposes.removeValue(forKey: wireID) else { return [] }
        switch purpose {
        case .call: return []
        case .ping(let id): return ponged(id, message)
        case .listen: return apply(listen.ended(wireID, Self.end(by: message), now: now, jitter: jitter))
        case .tools: return listed(message)
        }
    }

    /// Whatever it answers, it lives; unless it shows that it has become something else.
    private func ponged(_ id: RequestID, _ message: Message) -> [Effect] {
        let code = message.errorCode
        guard code != .unsupportedProtocolVersion, code != .methodNotFound else {
            return [.mistaken(reason: "it does not speak MCP 2026-07-28 any more")]
        }
        return [Self.answer(id, ByteBuffer(string: "{}"))]
    }

    private static func end(by message: Message) -> ListenUnion.End {
        guard let error = message.error else { return .closed }
        let members = JSONOutline.members(of: error) ?? []
        return .refused(
            code: members.first { $0.key == "code" }.flatMap { Int(String(buffer: $0.value)) } ?? 0,
            message: members.first { $0.key == "message" }.flatMap { JSONOutline.string($0.value) } ?? "no reason given"
        )
    }

    private mutating func conclude(_ id: RequestID, _ message: Message) -> [Effect] {
        guard let call = calls[id] else { return [] }
        guard let result = message.result else { return failed(id, call, message) }
        switch ResultType(of: result) {
        case .complete:
            guard isOverHTTP, call.method == "tools/list" else { return finish(id, call, .same(message)) }
            let (kept, hidesOthers) = tools.read(result)
            return finish(id, call, kept.map(Conclusion.result) ?? .same(message)) + (hidesOthers ? [hiddenTools] : [])
        case .inputRequired:
            guard InputRounds.methods.contains(call.method) else {
                return end(id, call, .server("asked for input in answer to \(call.method), which has none"))
            }
            return requireInput(result, for: id, call)
        case .other(let name):
            // What belongs to an extension is for the client that declared it.
            if call.context.profile?.capabilities.declares(extensionOf: name) == true {
                return finish(id, call, .same(message))
            }
            return end(id, call, .server("gave a result of a kind that nobody here knows: \(name.prefix(50))"))
        }
    }

    /// What a call is answered with.
    private enum Conclusion {
        case same(Message)
        case result(ByteBuffer)
    }

    private mutating func finish(_ id: RequestID, _ call: Call, _ conclusion: Conclusion) -> [Effect] {
        close(id)
        switch conclusion {
        case .same(let message) where call.legs == 1: return [.report(.message(message))]
        case .same(let message): return [Self.report(message.rewriting(id: id.json))]
        case .result(let result): return [Self.answer(id, result)]
        }
    }

    private mutating func failed(_ id: RequestID, _ call: Call, _ message: Message) -> [Effect] {
        switch message.errorCode {
        case .headerMismatch where call.method == "tools/call" && isOverHTTP && !call.isRepeatedForHeaders:
            calls[id]?.isRepeatedForHeaders = true
            beginLeg(of: id, with: call.inputs)
            let effects = listTools(refreshing: false)
            guard listing.mustBeWaitedFor else { return transmit(id) }
            listing.wait(id)
            return effects
        case .headerMismatch:
            return end(id, call, .server("does not understand the header fields that its tools ask for"))
        case .unsupportedProtocolVersion:
            return end(id, call, .server("does not speak MCP 2026-07-28 any more"))
                + [.mistaken(reason: "it does not speak MCP 2026-07-28 any more")]
        case .missingClientCapability where call.context.profile?.revision.isLegacy ?? true:
            // Earlier revisions have no such error.
            let data = message.error.flatMap(JSONOutline.members)?.first { $0.key == "data" }?.value
            let required = data.flatMap(JSONOutline.members)?.first { $0.key == "requiredCapabilities" }?.value
            let names = required.flatMap(JSONOutline.members)?.map(\.key).joined(separator: ", ") ?? "something"
            let reason = "needs \(names.prefix(100)) of its client, which did not offer that"
            return end(id, call, .undeclared(reason, required: required ?? ByteBuffer(string: "{}")))
        case .parseError, .invalidRequest, .methodNotFound, .invalidParams, .internalError, .missingClientCapability,
            .resourceNotFound, .requestCancelled, nil:
            return finish(id, call, .same(message))
        }
    }

    // MARK: Notifications

    private mutating func notified(
        _ message: Message, on stream: RequestID?, now: Duration, jitter: Double
    ) -> [Effect] {
        let method = message.methodName ?? ""
        switch method {
        case "notifications/progress":
            return progressed(message)
        case "notifications/subscriptions/acknowledged":
            guard let id = Self.subscription(of: message) ?? stream else { return [] }
            let honoured = message.params.flatMap(JSONOutline.members)?.first { $0.key == "notifications" }?.value
            return apply(listen.acknowledged(id, honoured: ListenUnion.Filter(json: honoured), now: now))
        case "notifications/cancelled":
            guard let id = message.cancelledRequestID, case .listen = purposes[id] else { return [] }
            purposes[id] = nil
            return apply(listen.ended(id, .closed, now: now, jitter: jitter))
        case "notifications/resources/updated":
            guard isHeeded(message, on: stream) else { return [] }
            return [Self.report(MessageBuilder.notification(method: method, params: Self.withoutMeta(message)))]
        default:
            if let feature = Feature.allCases.first(where: { $0.listChangedMethod == method }) {
                guard isHeeded(message, on: stream) else { return [] }
                return changed(feature)
            }
            return [.report(.message(message, during: stream.flatMap(call(on:))))]
        }
    }

    /// Progress that does not go on is none, and with each repetition the server begins anew.
    private mutating func progressed(_ message: Message) -> [Effect] {
        guard let id = message.progressToken.map(RequestID.init(json:)), let call = calls[id] else { return [] }
        let done = message.params.flatMap(JSONOutline.members)?.first { $0.key == "progress" }
            .flatMap { Double(String(buffer: $0.value)) }
        guard let done, call.legs == 1 || done > call.progress else { return [] }
        calls[id]?.progress = max(done, call.progress)
        return [.report(.message(message, during: id))]
    }

    /// Whether it comes of the listen that counts. One that says of none may come as it likes.
    private func isHeeded(_ message: Message, on stream: RequestID?) -> Bool {
        guard let id = Self.subscription(of: message) ?? stream else { return true }
        return listen.heeds(id)
    }

    private static func subscription(of message: Message) -> RequestID? {
        message.params.flatMap { MetaKey.value(MetaKey.subscriptionID, in: $0) }.map(RequestID.init(json:))
    }

    private static func withoutMeta(_ message: Message) -> ByteBuffer? {
        message.params.flatMap(JSONOutline.members).map { members in
            JSONText.object(
                members.compactMap { member in
                    guard member.key == "_meta" else { return member }
                    let rest = (JSONOutline.members(of: member.value) ?? [])
                        .filter { $0.key != MetaKey.subscriptionID }
                    return rest.isEmpty ? nil : ("_meta", JSONText.object(rest))
                })
        }
    }

    private mutating func changed(_ feature: Feature) -> [Effect] {
        guard let method = feature.listChangedMethod else { return [] }
        let news = Self.report(MessageBuilder.notification(method: method))
        return feature == .tools ? [news] + listTools(refreshing: true) : [news]
    }

    // MARK: What never came

    /// Nothing comes of a request any more.
    ///
    /// - Parameters:
    ///   - reason: a clause about the server.
    ///   - isUnsent: whether it certainly never reached the server.
    mutating func lost(
        _ wireID: RequestID, _ reason: String, isUnsent: Bool, now: Duration, jitter: Double
    ) -> [Effect] {
        if let id = call(on: wireID), let call = close(id) {
            if isUnsent, call.legs == 1 { return [.report(.unsent(call.message.bytes))] }
            return [.report(.callLost(id: id, reason: reason))]
        }
        switch purposes.removeValue(forKey: wireID) {
        case .ping(let id): return [.report(.callLost(id: id, reason: reason))]
        case .listen: return apply(listen.ended(wireID, .lost(reason), now: now, jitter: jitter))
        case .tools: return endListing()
        case .call, nil: return []
        }
    }

    /// The answer to a request was too long, and was thrown away.
    mutating func oversized(_ wireID: RequestID?) -> [Effect] {
        guard let wireID, let id = call(on: wireID) else { return [.report(.oversizedMessage(id: nil))] }
        close(id)
        return [.report(.oversizedMessage(id: id))]
    }

    /// Something was no message.
    mutating func unusable(_ line: UnusableLine) -> [Effect] {
        let id = line.answeredID.flatMap(call(on:))
        if let id { close(id) }
        return [.report(.unusableOutput(UnusableLine(line.bytes, reason: line.reason, answeredID: id)))]
    }

    /// A time has passed that was asked for.
    mutating func rang(_ alarm: Alarm, now: Duration, jitter: Double) -> [Effect] {
        switch alarm {
        case .pause(let id): calls[id]?.isSent == false ? transmit(id) : []
        case .listen: apply(listen.woken(now: now, jitter: jitter))
        case .tools: endListing()
        }
    }
}

extension Message {
    /// The code of an error, if it is one that means something here.
    fileprivate var errorCode: ErrorCode? {
        error.flatMap(JSONOutline.members)?.first { $0.key == "code" }
            .flatMap { Int(String(buffer: $0.value)) }.flatMap(ErrorCode.init(rawValue:))
    }
}

extension ClientCapabilities {
    /// Whether results of this kind can be made use of: so far one extension has its own.
    fileprivate func declares(extensionOf resultType: String) -> Bool {
        guard resultType == "task" else { return false }
        return JSONOutline.members(of: json)?.first { $0.key == "extensions" }
            .flatMap { JSONOutline.members(of: $0.value) }?
            .contains { $0.key == "io.modelcontextprotocol/tasks" } ?? false
    }
}
