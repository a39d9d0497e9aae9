internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1

extension Response {
    /// A refusal on the HTTP level. Its body is JSON but no JSON-RPC, so that no client takes it for the answer of an
    /// MCP server.
    static func refusal(_ status: HTTPResponseStatus, _ error: String, hint: String) -> Response {
        var body = ByteBuffer()
        body.writeStaticString("{\"error\":")
        JSONText.write(error, into: &body)
        body.writeStaticString(",\"hint\":")
        JSONText.write(hint, into: &body)
        body.writeStaticString("}")
        return json(status, body)
    }

    /// A refusal of the message in the body, as a JSON-RPC error.
    static func rpcRefusal(
        _ status: HTTPResponseStatus, _ code: ErrorCode, _ message: String, id: RequestID? = nil,
        era: Era = .sessions
    ) -> Response {
        json(
            status,
            MessageBuilder.error(id: id, hasID: era == .sessions, code: code.rawValue, message: message))
    }

    static let notFound = refusal(
        .notFound, "not found", hint: "MCP servers answer at /NAME/mcp and /NAME/sse, with NAME as in the configuration"
    )

    static let malformedTarget = refusal(
        .badRequest, "malformed path", hint: "percent-encode the path as RFC 3986 asks")

    static let malformedHost = refusal(
        .badRequest, "missing or malformed Host header", hint: "send one Host header: a name or an address")

    static func misdirected(_ host: String) -> Response {
        refusal(
            .misdirectedRequest, "the gateway does not answer to the host name \"\(host)\"",
            hint: "add it to \"allowedHosts\" in the configuration")
    }

    static func foreignOrigin(_ origin: String) -> Response {
        refusal(
            .forbidden, "web pages of origin \"\(origin)\" may not use this gateway",
            hint: "add it to \"cors.origins\" in the configuration")
    }

    static let unauthorized = refusal(
        .unauthorized, "missing or unknown token", hint: "send Authorization: Bearer TOKEN with a token of this server"
    ).with("www-authenticate", "Bearer")

    static func methodNotAllowed(_ allowed: String) -> Response {
        refusal(.methodNotAllowed, "method not allowed", hint: "this path answers \(allowed)").with("allow", allowed)
    }

    static let unsupportedMediaType = refusal(
        .unsupportedMediaType, "unsupported media type", hint: "POST with Content-Type: application/json")

    static func tooLarge(limit: Int) -> Response {
        refusal(
            .payloadTooLarge, "the request body is longer than \(limit) bytes",
            hint: "raise the limit of request bodies under \"limits\" in the configuration")
    }

    static func headersTooLarge(limit: Int) -> Response {
        refusal(
            .requestHeaderFieldsTooLarge, "the request head is longer than \(limit) bytes", hint: "send fewer headers")
    }

    static let tooMuchToForward = refusal(
        .requestHeaderFieldsTooLarge,
        "the headers that go along to this server are more than \(HeaderForwarding.countLimit), "
            + "or longer than \(HeaderForwarding.byteLimit) bytes together",
        hint: "send less of what is named in \"forwardHeaders\" of this server in the configuration")

    static func tooManyRequests(perSecond: Int, delay: TimeAmount) -> Response {
        refusal(
            .tooManyRequests, "more than \(perSecond) requests a second from this address",
            hint: "send them more slowly, or raise limits.requestsPerSecond in the configuration"
        ).with("retry-after", seconds(Duration(delay)))
    }

    static func notAcceptable(_ hint: String) -> Response {
        refusal(.notAcceptable, "not acceptable", hint: hint)
    }

    /// What a body that is no JSON-RPC message is answered with.
    static func unreadable(_ error: ScanError, _ era: Era = .sessions) -> Response {
        let (code, reason): (ErrorCode, String) =
            switch error {
            case .notJSON(let offset): (.parseError, "Parse error: not JSON, at byte \(offset)")
            case .tooDeep(let offset): (.parseError, "Parse error: nested too deeply, at byte \(offset)")
            case .notAnObject: (.invalidRequest, "Invalid request: a message is a JSON object")
            case .batch: (.invalidRequest, "Invalid request: batches are not accepted")
            case .notJSONRPC(let reason): (.invalidRequest, "Invalid request: \(reason.rawValue)")
            }
        return rpcRefusal(.badRequest, code, reason, era: era)
    }
}
