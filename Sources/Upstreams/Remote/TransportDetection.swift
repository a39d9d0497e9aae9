internal import Supervision

/// Finds out how MCP is spoken at a URL (MCP 2025-11-25 "Transports", backwards compatibility): outcomes of attempts
/// go in, the next attempt or the report comes out.
///
/// Only what a server says about a request can speak against a transport. That it cannot be reached, asks for
/// credentials, is broken or says nothing, tells nothing about what it speaks.
///
/// Another kind of attempt, for servers that need no `initialize`, would come before those that are here.
struct TransportDetection {
    /// A way to open a server.
    enum Attempt: Equatable {
        /// POST `initialize`, as for streamable HTTP.
        case initialize
        /// GET a stream of events and wait for its `endpoint`, as for HTTP+SSE.
        case eventStream

        /// The transport that it opens.
        var transport: RemoteEndpoint.Transport {
            switch self {
            case .initialize: .streamableHTTP
            case .eventStream: .sse
            }
        }

        fileprivate init(_ transport: RemoteEndpoint.Transport) {
            switch transport {
            case .sse: self = .eventStream
            case .streamableHTTP: self = .initialize
            }
        }

        fileprivate var other: Attempt {
            switch self {
            case .initialize: .eventStream
            case .eventStream: .initialize
            }
        }

        fileprivate var spoken: String {
            switch self {
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
    private var untried: Attempt?
    private let configured: RemoteEndpoint.Transport?
    private var outcomes: [(attempt: Attempt, outcome: AttemptOutcome)] = []

    /// - Parameters:
    ///   - configured: the transport that the configuration names; nothing else is tried then.
    ///   - remembered: the transport that worked last time.
    ///   - path: the path of the URL.
    init(configured: RemoteEndpoint.Transport?, remembered: RemoteEndpoint.Transport?, path: String) {
        self.configured = configured
        if let configured {
            current = Attempt(configured)
            untried = nil
        } else {
            let isSSE = path.hasSuffix("/sse") || path.hasSuffix("/sse/")
            current = remembered.map(Attempt.init) ?? (isSSE ? .eventStream : .initialize)
            untried = current.other
        }
    }

    /// The present attempt failed.
    mutating func failed(_ outcome: AttemptOutcome) -> Step {
        outcomes.append((current, outcome))
        if let next = untried, outcome.speaksAgainst(current) {
            current = next
            untried = nil
            return .attempt(next)
        }
        return .giveUp(reason: report, outcome.trouble)
    }

    private var report: String {
        guard outcomes.count == 1, let (attempt, outcome) = outcomes.first else {
            return outcomes.map { "\($0.attempt.spoken): \($0.outcome)" }.joined(separator: "; ")
        }
        guard let configured, outcome.speaksAgainst(attempt) else { return outcome.description }
        return "\(outcome), to \(attempt.spoken); is \"transportType\" really \"\(configured.rawValue)\"?"
    }
}
