internal import Supervision

/// Finds out how MCP is spoken at a URL (MCP 2025-11-25 "Transports" and 2026-07-28 "Streamable HTTP", backwards
/// compatibility): outcomes of attempts go in, the next attempt or the report comes out.
///
/// Only what a server says about a request can speak against a transport. That it cannot be reached, asks for
/// credentials or is overloaded tells nothing about what it speaks.
struct TransportDetection {
    /// A way to open a server.
    enum Attempt: Equatable {
        /// POST `server/discover`, as for streamable HTTP without sessions.
        case discover
        /// POST `initialize`, as for streamable HTTP with sessions.
        case initialize
        /// GET a stream of events and wait for its `endpoint`, as for HTTP+SSE.
        case eventStream

        fileprivate var spoken: String {
            switch self {
            case .discover: "server/discover by POST (MCP 2026-07-28)"
            case .initialize: "initialize by POST (streamable HTTP)"
            case .eventStream: "a stream by GET (HTTP+SSE)"
            }
        }
    }

    /// What to do after a failed attempt.
    enum Step: Equatable {
        /// Try this next.
        case attempt(Attempt)
        /// None works; the reason lists every outcome.
        case giveUp(reason: String, AttemptOutcome.Trouble)
    }

    /// What is tried now.
    private(set) var current: Attempt
    private var untried: [Attempt]
    private let configured: RemoteEndpoint.Transport?
    private let era: ServerEra
    private var outcomes: [(attempt: Attempt, outcome: AttemptOutcome)] = []

    /// - Parameters:
    ///   - configured: the transport that the configuration names; nothing else is tried then.
    ///   - era: how the server is opened, as configured.
    ///   - remembered: what worked last time.
    ///   - path: the path of the URL.
    ///   - prefersSessions: whether a server that can be opened with `initialize` is, whatever else it speaks.
    init(
        configured: RemoteEndpoint.Transport?, era: ServerEra, remembered: Attempt?, path: String,
        prefersSessions: Bool = false
    ) {
        self.configured = configured
        self.era = era
        var order: [Attempt]
        switch configured {
        case .sse: order = [.eventStream]
        case .streamableHTTP: order = [.discover, .initialize]
        case nil:
            let isSSE = path.hasSuffix("/sse") || path.hasSuffix("/sse/")
            order = isSSE ? [.eventStream, .discover, .initialize] : [.discover, .initialize, .eventStream]
        }
        switch era {
        case .auto: break
        case .legacy: order.removeAll { $0 == .discover }
        case .modern: order = [.discover]
        }
        if prefersSessions, order.count > 1, let place = order.firstIndex(of: .discover) {
            order.append(order.remove(at: place))
        }
        if let remembered, let place = order.firstIndex(of: remembered) { order.insert(order.remove(at: place), at: 0) }
        current = order[0]
        untried = Array(order.dropFirst())
    }

    /// Whether the server may be silent about the present attempt because it does not understand it.
    var hasPatience: Bool { current == .discover && !untried.isEmpty }

    /// The present attempt failed.
    mutating func failed(_ outcome: AttemptOutcome) -> Step {
        outcomes.append((current, outcome))
        if let place = next(after: outcome) {
            current = untried.remove(at: place)
            return .attempt(current)
        }
        return .giveUp(reason: report, outcome.trouble)
    }

    private func next(after outcome: AttemptOutcome) -> Int? {
        // It was taken for what it was before, and is something else now.
        if case .modern = outcome { return untried.firstIndex(of: .discover) }
        return outcome.speaksAgainst(current) && !untried.isEmpty ? 0 : nil
    }

    private var report: String {
        guard outcomes.count == 1, let (attempt, outcome) = outcomes.first else {
            return outcomes.map { "\($0.attempt.spoken): \($0.outcome)" }.joined(separator: "; ")
        }
        guard outcome.speaksAgainst(attempt) else { return outcome.description }
        if era == .modern { return "\(outcome), to \(attempt.spoken); is \"era\" really \"modern\"?" }
        guard let configured else { return outcome.description }
        return "\(outcome), to \(attempt.spoken); is \"transportType\" really \"\(configured.rawValue)\"?"
    }
}
