/// Why an attempt to open a server failed. Its description is a clause or two for people.
enum AttemptOutcome: Equatable, CustomStringConvertible {
    /// It answered with a status that is no success.
    ///
    /// - Parameters:
    ///   - meaning: what that means at this point.
    ///   - note: what the body says.
    case status(HTTPStatus, meaning: String? = nil, note: String? = nil)
    /// It answered with an error of the revision that has no `initialize` any more (MCP 2026-07-28 "Versioning").
    case modern(code: Int)
    /// It answered with success, but with something else than was asked for.
    case foreign(String)
    /// It speaks the transport, and refused.
    case refused(String)
    /// It knows nothing of `server/discover`, so it is to be opened with `initialize`, if at all; a clause about it.
    case legacy(String)
    /// It has not answered in time what it may not understand.
    case silent(String)
    /// There was no answer, or only a part of one.
    case failed(String, isUnreachable: Bool)

    /// The errors that only such a server sends: header mismatch, missing client capability, unsupported version.
    static let modernCodes = -32022 ... -32020

    var description: String {
        switch self {
        case .status(let status, let meaning, let note):
            "\(status)\(meaning.map { ": \($0)" } ?? "")\(note.map { " (\"\($0)\")" } ?? "")"
        case .modern(let code):
            "it answered with error \(code), so it speaks MCP 2026-07-28 or later only"
        case .foreign(let what): what
        case .refused(let reason), .silent(let reason): reason
        case .legacy(let reason): "it \(reason)"
        case .failed(let reason, _): reason
        }
    }

    /// What kind of trouble it is, when it was the last.
    var trouble: Trouble {
        switch self {
        case .failed(_, isUnreachable: true): .unreachable
        case .status(let status, _, _) where status.code == 401 || status.code == 403: .unauthorized
        case .status, .modern, .foreign, .refused, .legacy, .silent, .failed: .unusable
        }
    }

    /// What is to be done about a failure: where the server is, what it may know of us, or what it is.
    enum Trouble {
        /// No connection came about.
        case unreachable
        /// It wants credentials, or others.
        case unauthorized
        /// It is there, and cannot be used.
        case unusable
    }

    /// Whether it is a reason to try another way.
    func speaksAgainst(_ attempt: TransportDetection.Attempt) -> Bool {
        switch (self, attempt) {
        // Legacy servers answer what they do not know in many ways, but these have nothing to do with the question.
        case (.status(let status, _, _), .discover):
            ![401, 403, 407, 408, 421, 429, 502, 503, 504].contains(status.code)
        case (.status(let status, _, _), .initialize): [400, 404, 405].contains(status.code)
        // A streamable server may want an Accept with JSON in it, or a session, for whatever it gets.
        case (.status(let status, _, _), .eventStream): [400, 404, 405, 406].contains(status.code)
        case (.foreign, .eventStream), (.foreign, .discover): true
        case (.foreign, .initialize): false
        case (.legacy, _), (.silent, _): true
        case (.failed(_, let isUnreachable), .discover): !isUnreachable
        case (.modern, _), (.refused, _), (.failed, _): false
        }
    }
}
