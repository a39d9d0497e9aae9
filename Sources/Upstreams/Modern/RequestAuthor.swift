internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Writes into requests what MCP 2026-07-28 wants every request to say of itself ("Overview", `_meta`).
struct RequestAuthor {
    /// What the gateway calls itself where it speaks for itself, or for a client that has not said what it is.
    let clientInfo: ByteBuffer

    init(gatewayName: String, gatewayVersion: String) {
        clientInfo = JSONText.object([
            ("name", JSONText.quotedBuffer(gatewayName)), ("version", JSONText.quotedBuffer(gatewayVersion)),
        ])
    }

    /// A `_meta` object.
    ///
    /// - Parameter others: the members that the client has in it. What it says of the request itself is left out: that
    ///   is what `context` knows.
    func meta(for context: CallContext, beside others: [JSONOutline.Member]) -> ByteBuffer {
        let capabilities = context.profile.map { $0.capabilities.modern } ?? ByteBuffer(string: "{}")
        var members: [JSONOutline.Member] = [
            (MetaKey.protocolVersion, Self.revision), (MetaKey.clientCapabilities, capabilities),
            (MetaKey.clientInfo, context.profile?.clientInfo ?? clientInfo),
        ]
        if let level = context.logLevel { members.append((MetaKey.logLevel, JSONText.quotedBuffer(level.rawValue))) }
        for other in others where !MetaKey.ofRequests.contains(other.key) { members.append(other) }
        return JSONText.object(members)
    }

    /// The message with its `_meta`; everything else stays byte for byte as it came.
    func line(of message: Message, id: RequestID?, inputs: InputAnswers?, context: CallContext) -> ByteBuffer {
        let others = message.envelope.paramsMeta.map(message.slice).flatMap(JSONOutline.members) ?? []
        let meta = meta(for: context, beside: others)
        guard let params = message.envelope.params else {
            return withParams(JSONText.object([("_meta", meta)]), of: message, id: id)
        }
        if inputs != nil || Self.holdsAnswers(message, params) {
            return repeated(message, params, id: id, meta: meta, inputs: inputs)
        }
        if message.envelope.paramsMeta == nil { return rewritten(message, params, id: id, meta: meta) }
        let replacement = message.envelope.paramsMeta.map { ($0, meta) }
        switch (replacement, idReplacement(id, in: message)) {
        case (let replacement?, let id?): return message.replacing(replacement, id)
        case (let replacement?, nil): return message.replacing(replacement)
        case (nil, let id?): return message.replacing(id)
        case (nil, nil): return message.singleLine
        }
    }

    private static let revision = JSONText.quotedBuffer(ProtocolRevision.newestModern.rawValue)

    /// Whether a client's request brings along what only the gateway gives to a server.
    private static func holdsAnswers(_ message: Message, _ params: Range<Int>) -> Bool {
        RepetitionKeys.mayStand(in: message.bytes)
            && JSONOutline.members(of: message.slice(params))?.contains { RepetitionKeys.all.contains($0.key) } == true
    }

    /// With these answers, and none that its client may have written into it.
    private func repeated(
        _ message: Message, _ params: Range<Int>, id: RequestID?, meta: ByteBuffer, inputs: InputAnswers?
    ) -> ByteBuffer {
        let given = (JSONOutline.members(of: message.slice(params)) ?? [])
            .filter { $0.key != "_meta" && !RepetitionKeys.all.contains($0.key) }
        let replacement: Message.Replacement = (
            params, JSONText.object(given + (inputs?.members ?? []) + [("_meta", meta)])
        )
        return idReplacement(id, in: message).map { message.replacing(replacement, $0) }
            ?? message.replacing(replacement)
    }

    /// With a member in front of its params.
    private func rewritten(
        _ message: Message, _ params: Range<Int>, id: RequestID?, meta: ByteBuffer
    ) -> ByteBuffer {
        // Between the brace and whatever follows it; a `_meta` that is no object would be refused anyway.
        let isEmpty = JSONOutline.members(of: message.slice(params))?.isEmpty ?? true
        var member = ByteBuffer(string: #""_meta":"#)
        member.writeImmutableBuffer(meta)
        if !isEmpty { member.writeString(",") }
        let replacement: Message.Replacement = (params.lowerBound + 1..<params.lowerBound + 1, member)
        return idReplacement(id, in: message).map { message.replacing(replacement, $0) }
            ?? message.replacing(replacement)
    }

    /// A request that had no params gets some.
    private func withParams(_ params: ByteBuffer, of message: Message, id: RequestID?) -> ByteBuffer {
        guard let method = message.envelope.method else { return message.singleLine }
        // Behind the method and its closing quote.
        var member = ByteBuffer(string: #","params":"#)
        member.writeImmutableBuffer(params)
        let replacement: Message.Replacement = (method.upperBound + 1..<method.upperBound + 1, member)
        return idReplacement(id, in: message).map { message.replacing(replacement, $0) }
            ?? message.replacing(replacement)
    }

    private func idReplacement(_ id: RequestID?, in message: Message) -> Message.Replacement? {
        id.flatMap { id in message.envelope.id.map { ($0, id.json) } }
    }
}

extension ClientCapabilities {
    /// The same as MCP 2026-07-28 writes it: that has no tasks in its core, and no changes of roots.
    fileprivate var modern: ByteBuffer {
        guard let members = JSONOutline.members(of: json) else { return ByteBuffer(string: "{}") }
        guard members.contains(where: { $0.key == "tasks" || $0.key == "roots" }) else { return json }
        return JSONText.object(
            members.filter { $0.key != "tasks" }.map { $0.key == "roots" ? ("roots", ByteBuffer(string: "{}")) : $0 })
    }
}
