internal import JSONRPC
internal import MCP

/// Which of the two protocols at `/NAME/mcp` a POST belongs to: the one with sessions, opened by `initialize` (MCP
/// 2025-03-26 to 2025-11-25), or the one in which each request says everything of itself (2026-07-28 and later).
enum Era: Equatable, Sendable {
    case sessions
    case stateless

    /// What the head alone tells: `nil` if the body must be asked, too.
    enum Verdict: Equatable, Sendable {
        case sessions
        case stateless
        /// A version that nobody has heard of, or more than one.
        case unknown
    }

    /// What a version is evidence of, wherever it stands.
    static func verdict(on version: String) -> Verdict {
        if ProtocolRevision(legacy: version) != nil { return .sessions }
        return isDate(version) && version > ProtocolRevision.newestLegacy.rawValue ? .stateless : .unknown
    }

    /// The era of a message. The header leads, since every request of the newer era must have it; a body that claims a
    /// newer revision under an older header, or none, belongs to the newer era as well, which will refuse it.
    static func of(_ message: Message, _ fields: RequestFields) -> Era {
        let header = fields.era
        let hasSession = fields.sessionID.isPresent
        switch message.kind {
        case .request:
            if header == .stateless { return .stateless }
            if let claimed = RequestMetadata.claimedVersion(in: message), verdict(on: claimed) != .sessions {
                return .stateless
            }
            // What opens a session negotiates the revision in its body, whatever its head says.
            return header == .unknown && !hasSession && !message.isMethod("initialize") ? .stateless : .sessions
        case .notification:
            return hasSession || header == nil || header == .sessions ? .sessions : .stateless
        case .response:
            return header == .stateless ? .stateless : .sessions
        }
    }

    /// Whether the head alone says that a request belongs to the newer era.
    static func isStateless(_ fields: RequestFields) -> Bool {
        fields.era == .stateless
    }

    /// `YYYY-MM-DD`, the form of every revision's name.
    private static func isDate(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 10
            && bytes.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7
                    ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }
}
