internal import JSONRPC
internal import MCP
internal import Supervision

/// One of an aggregate's callers as one of its members sees it.
struct MemberObserver: ServerObserver {
    let aggregate: Aggregate
    let server: String
    let caller: CallerID

    /// The catalogue hears of it, and tells once it has the new lists.
    func listChanged(_ feature: Feature) {}

    /// What the aggregate offers does not depend on one member.
    func described(_ description: ServerDescription) {}

    func notified(_ notification: Message) {
        aggregate.assumeIsolated { $0.pass(notification, from: server, to: caller) }
    }

    func asked(_ request: ServerRequest) {
        aggregate.assumeIsolated { $0.pass(request, from: server, to: caller) }
    }

    func withdrawn(_ request: ServerRequestID) {
        aggregate.assumeIsolated { $0.withdraw(request, from: caller) }
    }
}
