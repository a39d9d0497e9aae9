internal import JSONRPC
public import NIOCore

/// How the gateway itself is, for its operator.
public struct GatewayFacts: Sendable {
    /// The version of the program.
    public let version: String
    /// Its process.
    public let processID: Int32
    /// How long it has been running.
    public let uptime: Duration
    /// Where in its life it is.
    public let stage: GatewayStage
    /// Whether every required server can be called.
    public let isReady: Bool
    /// One line for people.
    public let summary: String
    /// Open client sessions.
    public let sessions: Int
    /// The file of the configuration.
    public let configuration: String
    /// What came of reading that again; `nil` if it was not.
    public let lastReload: LastReload?

    /// Describes a gateway.
    public init(
        version: String, processID: Int32, uptime: Duration, stage: GatewayStage, status: GatewayStatus,
        configuration: String, lastReload: LastReload? = nil
    ) {
        self.version = version
        self.processID = processID
        self.uptime = uptime
        self.stage = stage
        isReady = status.missing.isEmpty
        summary = status.line(in: stage)
        sessions = status.sessions
        self.configuration = configuration
        self.lastReload = lastReload
    }

    /// Which program it is: what `GET /api/v1/version` answers.
    public var versionMembers: [(key: String, value: ByteBuffer)] {
        [
            ("version", JSONText.quotedBuffer(version)),
            ("pid", .json(Int(processID))),
            ("uptimeMs", .json(uptime)),
        ]
    }

    /// How it stands, besides which it is.
    public var statusMembers: [(key: String, value: ByteBuffer)] {
        [
            ("configuration", JSONText.quotedBuffer(configuration)),
            ("stage", JSONText.quotedBuffer(stage.word)),
            ("ready", .json(isReady)),
            ("summary", JSONText.quotedBuffer(summary)),
            ("sessions", .json(sessions)),
            ("lastReload", lastReload?.json ?? .null),
        ]
    }
}

extension GatewayStage {
    fileprivate var word: String {
        switch self {
        case .starting: "starting"
        case .serving: "serving"
        case .stopping: "stopping"
        }
    }
}
