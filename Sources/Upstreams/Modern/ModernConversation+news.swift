internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// What the server tells of without being asked each time, and the list of tools that goes with it.

extension ModernConversation {
    mutating func apply(_ effects: [ListenUnion.Effect]) -> [Effect] {
        effects.flatMap { effect -> [Effect] in
            switch effect {
            case .open(let id, let filter):
                return [
                    .send(
                        own("subscriptions/listen", params: [("notifications", filter.json)], id: id, for: .listen))
                ]
            case .close(let id):
                purposes[id] = nil
                return [.cancel(id)]
            case .answer(let id, nil):
                return [Self.answer(id, ByteBuffer(string: "{}"))]
            case .answer(let id, let refusal?):
                return [
                    Self.report(MessageBuilder.error(id: id, code: refusal.code.rawValue, message: refusal.message))
                ]
            case .announce(let missed):
                return announce(missed)
            case .wake(let time):
                return [.wake(.listen, after: time)]
            }
        }
    }

    /// Says of everything that may have changed that it has.
    private mutating func announce(_ missed: ListenUnion.Filter) -> [Effect] {
        var effects: [Effect] = []
        for feature in Feature.allCases where missed.features.contains(feature) {
            guard let method = feature.listChangedMethod else { continue }
            effects.append(Self.report(MessageBuilder.notification(method: method)))
            if feature == .tools { effects += listTools(refreshing: true) }
        }
        for uri in missed.resources {
            let params = JSONText.object([("uri", JSONText.quotedBuffer(uri))])
            effects.append(
                Self.report(MessageBuilder.notification(method: "notifications/resources/updated", params: params)))
        }
        return effects
    }

    // MARK: Tools

    /// Asks for the list of tools, if it is of any use.
    ///
    /// - Parameter refreshing: whether calls can be made with what is known.
    mutating func listTools(refreshing: Bool = false) -> [Effect] {
        guard listing.begin(refreshing: refreshing) else { return [] }
        return [.send(own("tools/list", for: .tools)), .wake(.tools, after: ToolListing.patience)]
    }

    /// A page of it has come, or an error instead.
    mutating func listed(_ message: Message) -> [Effect] {
        guard let result = message.result else { return endListing() }
        let news = tools.read(result).hidesOthers ? [hiddenTools] : []
        let next = ToolHeaders.nextCursor(of: result)
        guard let next, listing.turn(hasNext: true) else { return news + endListing() }
        return news + [.send(own("tools/list", params: [("cursor", next)], for: .tools))]
    }

    /// Tells which tools are kept from clients.
    var hiddenTools: Effect { .report(.toolsHidden(tools.hidden)) }

    /// Whatever is known now has to do.
    mutating func endListing() -> [Effect] {
        let (calls, isStale) = listing.end()
        return calls.flatMap { transmit($0) } + (isStale ? listTools(refreshing: true) : [])
    }
}
