internal import JSONRPC
public import NIOCore

/// All tools of a server, as its clients see them: `tools/list`, page after page. Lives on the event loop.
public final class ToolListing {
    /// How many pages are asked for. A server that has more, or never ends, is told about as far as that.
    static let pageLimit = 50

    /// What came of it.
    public enum Outcome: Sendable {
        /// The `Tool` objects, as JSON text.
        case tools([ByteBuffer])
        /// Why there are none.
        case failure(OperatorRequest.Outcome)
    }

    private let route: Route
    private let gateway: Gateway
    private var request: OperatorRequest?
    private var tools: [ByteBuffer] = []
    private var pages = 0
    private var done: (@Sendable (Outcome) -> Void)?

    /// Asks the server of a route.
    ///
    /// - Parameter done: called once, on the event loop, at a later turn of it.
    public static func fetch(
        from route: Route, of gateway: Gateway, _ done: @escaping @Sendable (Outcome) -> Void
    ) -> ToolListing {
        let listing = ToolListing(route, gateway, done)
        listing.ask(cursor: nil)
        return listing
    }

    private init(_ route: Route, _ gateway: Gateway, _ done: @escaping @Sendable (Outcome) -> Void) {
        self.route = route
        self.gateway = gateway
        self.done = done
    }

    /// Gives up: the server is told that nobody waits any more, and so is whoever waits.
    public func cancel() {
        request?.cancel()
    }

    private func ask(cursor: ByteBuffer?) {
        pages += 1
        let params = cursor.map { JSONText.object([("cursor", $0)]) }
        // It lives until the answer has come.
        let listing = NIOLoopBound(self, eventLoop: gateway.eventLoop)
        request = OperatorRequest.send("tools/list", params: params, to: route, of: gateway) { outcome in
            listing.value.take(outcome, after: cursor)
        }
    }

    private func take(_ outcome: OperatorRequest.Outcome, after cursor: ByteBuffer?) {
        guard case .result(let result) = outcome else { return end(.failure(outcome)) }
        let members = JSONOutline.members(of: result) ?? []
        guard let listed = members.first(where: { $0.key == "tools" }).flatMap({ JSONOutline.elements(of: $0.value) })
        else { return end(.failure(.impossible("the answer to tools/list has no \"tools\""))) }
        tools += listed
        let next = members.first { $0.key == "nextCursor" }?.value
        guard let next, JSONOutline.string(next) != nil, pages < Self.pageLimit, next != cursor else {
            return end(.tools(tools))
        }
        ask(cursor: next)
    }

    private func end(_ outcome: Outcome) {
        request = nil
        done.take()?(outcome)
    }
}
