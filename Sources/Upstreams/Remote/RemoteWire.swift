internal import Curl
internal import MCP
internal import NIOCore
internal import Supervision

/// What all requests to one server have in common.
struct RemoteWire {
    let client: HTTPClient
    let eventLoop: any EventLoop
    /// What is configured.
    let url: HTTPURL
    let tls: TLSSettings
    let headers: RequestHeaders
    /// What all of that is called by whoever set it.
    let names: SettingNames
    /// The longest message taken from the server, in bytes.
    let messageLimit: Int

    /// Quotes what the server says, without what it must not repeat.
    ///
    /// - Parameter post: the message that it speaks of, if it is one.
    func note(on post: Post? = nil) -> ErrorNote { note(hiding: post?.secrets ?? []) }

    /// Quotes what the server says, without what it must not repeat.
    func note(hiding secrets: [String]) -> ErrorNote {
        ErrorNote(secrets: headers.secrets + url.secrets + secrets)
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - own: the header fields that the protocol needs.
    ///   - onEvent: called on the event loop, never before this function has returned.
    func start(
        _ method: HTTPRequest.Method, _ url: HTTPURL, own: [HTTPField], forwarded: [ForwardedHeader] = [],
        body: ByteBuffer? = nil, within totalTimeout: Duration? = nil, onEvent: @escaping (TransferEvent) -> Void
    ) -> LoopTransfer {
        var request = HTTPRequest(
            method, url, headers: headers.fields(own, forwarded: forwarded), body: body, totalTimeout: totalTimeout,
            tls: tls)
        request.window = LoopTransfer.window
        return LoopTransfer(request, with: client, on: eventLoop, onEvent: onEvent)
    }

    /// How an answer to `initialize`, or to the first GET, is to be understood that is no success.
    func outcome(of status: HTTPStatus, body: ByteBuffer) -> AttemptOutcome {
        if (400..<500).contains(status.code), let code = ErrorNote.errorCode(in: body),
            AttemptOutcome.modernCodes.contains(code)
        {
            return .modern(code: code)
        }
        let text = note().text(of: body)
        return .status(
            status, meaning: status.meaning(withCredentials: headers.haveCredentials, named: names),
            note: text == status.phrase ? nil : text)
    }

    /// How it is to be understood that there was no answer, or no whole one.
    func outcome(of failure: TransferFailure) -> AttemptOutcome {
        failure.kind == .redirected
            ? .foreign(failure.description)
            : .failed(failure.description, isUnreachable: failure.isUnreachable)
    }
}

extension TransferFailure {
    /// Whether there was no way to the server, so that it got nothing and will not get the next message either.
    var isUnreachable: Bool {
        guard !wasSent else { return false }
        switch kind {
        case .unreachable, .tls, .timedOut: return true
        case .redirected, .protocolViolation, .cancelled, .other: return false
        }
    }
}

extension HTTPURL {
    /// Its query and userinfo, whole and in parts: what may be a key.
    fileprivate var secrets: [String] {
        let query = text.firstIndex(of: "?").map { text[text.index(after: $0)...] } ?? ""
        let values = query.split(separator: "&").compactMap { $0.split(separator: "=", maxSplits: 1).last }
        let authority = text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        let userinfo = authority.lastIndex(of: "@").map { authority[..<$0] } ?? ""
        return ([query, userinfo] + values + userinfo.split(separator: ":")).map(String.init)
            + [Base64.text(of: userinfo.utf8, padded: false)]
    }
}
