/// The session of a streamable connection (MCP 2025-11-25 "Transports", session management): which id is sent, and
/// what a refused request means for it.
///
/// ```
/// none ─ opened ─► open ─ refused ─► renewing ─ opened ─► open, on trial ─ refused ─► useless
///                                                               └─ succeeded ─► open
/// ```
struct SessionRenewal {
    /// What a refused request means.
    enum Verdict: Equatable {
        /// It has nothing to do with the session.
        case unrelated
        /// The session is lost: open a new one. The request was not looked at and can be sent again.
        case renew
        /// It was sent in a session that is lost already. It can be sent again.
        case stale
        /// The server loses its sessions as fast as they are opened.
        case useless
    }

    /// What to send as `Mcp-Session-Id`, as the server spelled it; nil if it has none.
    private(set) var id: String?
    private var isRenewing = false
    /// Whether the present session replaced a lost one and no call has succeeded in it yet.
    private var isOnTrial = false

    /// `initialize` was answered, with this id or without one.
    mutating func opened(_ id: String?) {
        self.id = id
        if isRenewing { isOnTrial = true }
        isRenewing = false
    }

    /// A call was taken that was sent in session `used`.
    mutating func succeeded(in used: String?) {
        if used == id { isOnTrial = false }
    }

    /// A request that was sent in session `used` got this status.
    ///
    /// - Parameter note: what the body says. Some servers that lost their memory answer 400 instead of 404, and only
    ///   the text tells it from other mistakes.
    mutating func refused(in used: String?, status: Int, note: String) -> Verdict {
        guard let used, status == 404 || status == 400 && note.lowercased().contains("session") else {
            return .unrelated
        }
        guard used == id, !isRenewing else { return .stale }
        guard !isOnTrial else { return .useless }
        id = nil
        isRenewing = true
        return .renew
    }
}
