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

    /// The newest revision that is opened with `initialize`.
    public static let newestLegacy = ProtocolRevision.r2025_11_25

    /// The revision that answers an `initialize` asking for `requested`: the same if it is spoken here, else the
    /// newest that is opened with `initialize` (MCP "Lifecycle", version negotiation).
    public static func negotiated(requested: String) -> ProtocolRevision {
        ProtocolRevision(rawValue: requested) ?? newestLegacy
    }

    /// Earlier revisions come first.
    public static func < (earlier: ProtocolRevision, later: ProtocolRevision) -> Bool {
        earlier.rawValue < later.rawValue
    }
}
