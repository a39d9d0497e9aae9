internal import NIOHTTP1

/// The response header fields that let the page of an allowed origin read the answer (Fetch Standard, "CORS").
enum CrossOriginAccess {
    private static let requestHeaders =
        "content-type, accept, authorization, mcp-session-id, mcp-protocol-version, last-event-id, mcp-method, mcp-name"

    /// Adds what every answer to the page needs, refusals included.
    static func grant(_ origin: String, in headers: inout HTTPHeaders) {
        headers.add(name: "access-control-allow-origin", value: origin)
        headers.add(name: "access-control-expose-headers", value: "mcp-session-id, www-authenticate")
        headers.add(name: "vary", value: "origin")
    }

    /// The answer to a preflight from an allowed origin. It comes before authentication, because browsers send
    /// preflights without credentials.
    ///
    /// - Parameter forwarded: the headers that the route takes along to its server.
    static func preflight(_ fields: RequestFields, forwarded: [String]) -> Response {
        var response = Response.empty(.noContent)
            .with("access-control-allow-methods", "GET, POST, DELETE")
            .with("access-control-allow-headers", allowedHeaders(asked: fields.requestedHeaders, forwarded))
            .with("access-control-max-age", "600")
        if fields.requestsPrivateNetwork { response = response.with("access-control-allow-private-network", "true") }
        return response
    }

    /// `*` would not cover Authorization, and the names of `mcp-param-*` fields are the servers' own: those that were
    /// asked for are echoed. So are those that go along to the server.
    private static func allowedHeaders(asked: String?, _ forwarded: [String]) -> String {
        guard let asked else { return requestHeaders }
        let forwarded = forwarded.map { $0.lowercased() }
        let echoed = asked.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init).filter {
            $0.hasPrefix("mcp-param-") && $0.utf8.allSatisfy(isTokenByte) || forwarded.contains($0)
        }
        return ([requestHeaders] + echoed).joined(separator: ", ")
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default:
            false
        }
    }
}
