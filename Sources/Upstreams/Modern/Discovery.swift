internal import JSONRPC
internal import MCP
internal import NIOCore

/// The question `server/discover`, and what the answer says about the server (MCP 2026-07-28 "Discovery",
/// "Versioning").
struct Discovery {
    /// What the server turned out to be.
    enum Verdict {
        /// It speaks the revision of the question.
        case modern(ServerDescription)
        /// It has to be opened with `initialize`; the reason is a clause about it.
        case legacy(String)
        /// It speaks that revision, but did not understand: ask once more.
        case again
        /// It speaks nothing that is spoken here.
        case unusable(String)
    }

    /// The ids of the question, the first time and the second. No call has them.
    static let ids = ["discover", "discover-again"].map { RequestID(json: JSONText.quotedBuffer($0)) }

    let author: RequestAuthor

    /// The question.
    func request(_ id: RequestID) -> ModernRequest {
        ModernRequest(id: id, method: "server/discover", author: author)
    }

    /// What the answer means.
    static func judge(_ answer: Message) -> Verdict {
        if let result = answer.result { return judge(result: result) }
        let error = answer.error.flatMap(JSONOutline.members) ?? []
        let code = error.first { $0.key == "code" }.flatMap { Int(String(buffer: $0.value)) } ?? 0
        let text = error.first { $0.key == "message" }.flatMap { JSONOutline.string($0.value) }
        let said = "answered server/discover with error \(code)\(text.map { ": \($0)" } ?? "")"
        switch ErrorCode(rawValue: code) {
        case .unsupportedProtocolVersion:
            let versions = error.first { $0.key == "data" }.flatMap { JSONOutline.members(of: $0.value) }?
                .first { $0.key == "supported" }.flatMap { JSONOutline.elements(of: $0.value) }?
                .compactMap(JSONOutline.string)
            guard let versions else { return .unusable(said) }
            return versions.contains(ProtocolRevision.newestModern.rawValue) ? .again : judge(versions: versions)
        // Only servers of this revision send these, and none has a reason to.
        case .headerMismatch, .missingClientCapability:
            return .unusable(said)
        case .parseError, .invalidRequest, .methodNotFound, .invalidParams, .internalError, .resourceNotFound,
            .requestCancelled, nil:
            return .legacy(said)
        }
    }

    private static func judge(result: ByteBuffer) -> Verdict {
        guard let versions = ServerDescription.supportedVersions(discoverResult: result) else {
            return .legacy("answered server/discover with something else")
        }
        guard versions.contains(ProtocolRevision.newestModern.rawValue) else { return judge(versions: versions) }
        do throws(ServerDescription.Unusable) {
            return .modern(try ServerDescription(discoverResult: result, revision: .newestModern))
        } catch {
            return .unusable(error.reason)
        }
    }

    /// The version asked for is not among them.
    private static func judge(versions: [String]) -> Verdict {
        if versions.contains(where: { ProtocolRevision(legacy: $0) != nil }) {
            return .legacy("speaks no revision without initialize that is spoken here")
        }
        let spoken = versions.isEmpty ? "none" : versions.joined(separator: ", ")
        return .unusable("speaks only these revisions of MCP, none of which this gateway does: \(spoken)")
    }
}
