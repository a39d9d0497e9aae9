internal import JSONRPC
public import NIOCore
public import Supervision

/// How a server stands, with what only its operator may know.
public struct ServerStanding: Sendable {
    /// How it is.
    public let snapshot: ServerSnapshot
    /// How it is reached, in a word: `stdio`, `sse`, `streamable-http`, `http` if that is found out by trying, `builtin`,
    /// or `none`.
    public let transport: String
    /// How many tools it has; `nil` if it has not said so.
    public let tools: Int?
    /// Client sessions on its route.
    public let sessions: Int

    /// Describes a server.
    public init(_ snapshot: ServerSnapshot, launch: ServerSpecification.Launch, tools: Int?, sessions: Int) {
        self.snapshot = snapshot
        transport = launch.word
        self.tools = tools
        self.sessions = sessions
    }

    /// The members of its object in the admin API. All of them are always there.
    public var members: [(key: String, value: ByteBuffer)] {
        let now = Duration.nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds))
        return [
            ("name", JSONText.quotedBuffer(snapshot.name)),
            ("phase", JSONText.quotedBuffer(snapshot.phase.rawValue)),
            ("phaseMs", .json(max(now - snapshot.since, .zero))),
            ("ready", .json(snapshot.isReady)),
            ("wantedUp", .json(snapshot.isWantedUp)),
            ("required", .json(snapshot.isRequired)),
            ("started", .json(snapshot.hasStarted)),
            ("reason", JSONText.quotedBuffer(snapshot.reason)),
            ("health", snapshot.health.json),
            ("generation", .json(snapshot.generation)),
            ("restarts", .json(snapshot.restarts)),
            ("lastExit", snapshot.lastExit?.json ?? .null),
            ("nextAttemptInMs", snapshot.nextAttemptIn.map(ByteBuffer.json) ?? .null),
            ("startTookMs", snapshot.startTook.map(ByteBuffer.json) ?? .null),
            ("pid", snapshot.processID.map { .json(Int($0)) } ?? .null),
            ("transport", JSONText.quotedBuffer(transport)),
            ("tools", tools.map(ByteBuffer.json) ?? .null),
            ("hiddenTools", JSONText.array(snapshot.hiddenTools.map(\.json))),
            ("sessions", .json(sessions)),
            ("inFlight", .json(snapshot.inFlight)),
            ("isolation", JSONText.quotedBuffer(snapshot.isolation.rawValue)),
            ("interactive", .json(snapshot.isInteractive)),
            ("instances", .json(snapshot.instances)),
        ]
    }
}

extension ServerSpecification.Launch {
    fileprivate var word: String {
        switch self {
        case .process: "stdio"
        case .remote(let endpoint): endpoint.transport?.rawValue ?? "http"
        case .builtin: "builtin"
        case .unavailable, .disabled: "none"
        }
    }
}

extension HiddenTool {
    fileprivate var json: ByteBuffer {
        JSONText.object([("name", JSONText.quotedBuffer(name)), ("reason", JSONText.quotedBuffer(reason))])
    }
}

extension ExitReport {
    /// What ended the life, and its last words.
    fileprivate var json: ByteBuffer {
        JSONText.object([
            ("reason", JSONText.quotedBuffer(ExitReport(cause: cause).description)),
            ("stderr", .json(lastStandardErrorLine)),
        ])
    }
}

extension PastLife {
    /// The life as the admin API tells it.
    public var json: ByteBuffer {
        JSONText.object([
            ("generation", .json(generation)),
            ("endedAgoMs", .json(endedAgo)),
            ("readyForMs", readyFor.map(ByteBuffer.json) ?? .null),
            ("askedFor", .json(wasAskedFor)),
            ("exit", exit.json),
        ])
    }
}
