internal import Curl
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// How a server of MCP 2026-07-28 is found and spoken to over HTTP.

extension RemoteConnection {
    /// Asks the server what it is.
    func discover(_ opening: Opening) {
        let transport = ModernTransport(opening.wire) { news in self.take(news) }
        self.transport = transport
        ask(Discovery.ids[0], over: transport)
        guard opening.detection.hasPatience else { return }
        patience = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(opening.probePatience)) {
            self.assumeIsolated { connection in
                guard connection.phase == .opening, connection.link == nil else { return }
                connection.failedToOpen(.silent("it gave no answer to server/discover"))
            }
        }
    }

    private func ask(_ id: RequestID, over transport: ModernTransport) {
        // Nothing else is under way yet that could fill the limit.
        try? transport.send(Discovery(author: author).request(id))
    }

    private func take(_ news: ModernTransport.News) {
        guard phase != .ended else { return }
        switch news {
        case .message(let message, let id):
            if let link { link.receive(message, on: id) } else { discovered(message, id) }
        case .lost(let id, let reason):
            guard let link else { return failedToOpen(.failed("it \(reason)", isUnreachable: false)) }
            link.lose(id, discreet.hiding(reason), isUnsent: false)
        case .failed(let id, let failure):
            guard let link else { return failedToOpen(opening?.wire.outcome(of: failure) ?? .foreign("\(failure)")) }
            guard failure.isUnreachable else {
                return link.lose(id, discreet.hiding("did not take the request (\(failure))"), isUnsent: false)
            }
            link.lose(id, "cannot be reached", isUnsent: true)
            end(.connectionLost(reason: "it cannot be reached any more (\(failure))"))
        case .refused(let id, let outcome):
            guard let link else { return failedToOpen(outcome) }
            link.lose(id, "answered with \(discreet.hiding(outcome.description))", isUnsent: false)
        case .oversized(let id):
            guard let link else { return failedToOpen(.foreign("its answer is longer than limits.messageBytes")) }
            link.oversized(id)
        case .unusable(let line, _):
            guard let link else { return failedToOpen(.foreign("its answer is no JSON-RPC message: \(line.reason)")) }
            link.unusable(line)
        case .useless(let reason):
            if link != nil { end(.connectionLost(reason: reason)) }
        }
    }

    /// The server has said what it is.
    private func discovered(_ answer: Message, _ id: RequestID) {
        guard phase == .opening, answer.kind == .response, answer.id == id,
            let transport = transport as? ModernTransport
        else { return }
        patience?.cancel()
        switch Discovery.judge(answer) {
        case .modern(let description): open(description, over: transport)
        case .again where id == Discovery.ids[0]: ask(Discovery.ids[1], over: transport)
        case .again: failedToOpen(.refused("it refuses server/discover"))
        case .legacy(let reason): failedToOpen(.legacy(reason))
        case .unusable(let reason): failedToOpen(.refused("it \(reason)"))
        }
    }

    private func open(_ description: ServerDescription, over transport: ModernTransport) {
        deadline?.cancel()
        let link = ModernLink(
            ModernConversation(
                with: specification.name, as: description, author: author, isOverHTTP: true,
                nonce: .random(in: .min ... .max)),
            over: ModernLink.Wire(send: { request throws(UpstreamSendFailure) in try transport.send(request) }) { id in
                transport.cancel(id)
            },
            on: eventLoop, report: { event in self.pass(event) },
            mistaken: { reason in
                self.remember(nil)
                self.end(.connectionLost(reason: reason))
            })
        self.link = link
        remember(.discover)
        link.begin()
        phase = .ready
        hasBeenReady = true
        onEvent(.ready(description))
    }
}
