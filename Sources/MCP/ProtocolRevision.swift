/// A published revision of the Model Context Protocol, in order of time.
public enum ProtocolRevision: String, Sendable, CaseIterable, Comparable {
    /// HTTP+SSE transport, no version header.
    case r2024_11_05 = "2024-11-05"
    /// Streamable HTTP and JSON-RPC batches.
    case r2025_03_26 = "2025-03-26"
    /// `MCP-Protocol-Version` header, no batches, structured output.
    case r2025_06_18 = "2025-06-18"
    /// Polling SSE, URL elicitation, tasks (experimental).
    case r2025_11_25 = "2025-11-25"
    /// No session: every request says what it needs, and servers ask by their results.
    case r2026_07_28 = "2026-07-28"

    /// The newest revision that is opened with `initialize`.
    public static let newestLegacy = ProtocolRevision.r2025_11_25
    /// The newest revision that has no `initialize`.
    public static let newestModern = ProtocolRevision.r2026_07_28

    /// The revisions that are opened with `initialize`.
    public static let legacy = allCases.filter(\.isLegacy)

    /// Whether it is opened with `initialize` (MCP 2026-07-28 "Versioning", terminology).
    public var isLegacy: Bool { self <= Self.newestLegacy }

    /// The legacy revision of this name.
    public init?(legacy name: String) {
        guard let revision = ProtocolRevision(rawValue: name), revision.isLegacy else { return nil }
        self = revision
    }

    /// The revision that answers an `initialize` asking for `requested`: the same if it is spoken here and opened so,
    /// else the newest that is (MCP "Lifecycle", version negotiation).
    public static func negotiated(requested: String) -> ProtocolRevision {
        ProtocolRevision(legacy: requested) ?? newestLegacy
    }

    /// Earlier revisions come first.
    public static func < (earlier: ProtocolRevision, later: ProtocolRevision) -> Bool {
        earlier.place < later.place
    }

    /// Its place in the order of time: what is compared with each call should be a number.
    private var place: Int {
        switch self {
        case .r2024_11_05: 0
        case .r2025_03_26: 1
        case .r2025_06_18: 2
        case .r2025_11_25: 3
        case .r2026_07_28: 4
        }
    }
}
