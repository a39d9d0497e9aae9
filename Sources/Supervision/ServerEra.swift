/// How a server is opened, as configured (MCP 2026-07-28 "Versioning", terminology).
public enum ServerEra: String, Sendable, Equatable, CaseIterable {
    /// That is found out, by asking it.
    case auto
    /// With `initialize`: MCP 2025-11-25 and earlier.
    case legacy
    /// Not at all: MCP 2026-07-28 and later.
    case modern
}
