/// A status code of HTTP, in words (RFC 9110 §15).
struct HTTPStatus: Equatable, CustomStringConvertible {
    let code: Int

    init(_ code: Int) {
        self.code = code
    }

    var isSuccess: Bool { (200..<300).contains(code) }

    /// Whether the same request may succeed later.
    var isPassing: Bool { [408, 409, 429, 500, 502, 503, 504].contains(code) }

    /// `HTTP 404 Not Found`, whatever phrase the server chose.
    var description: String {
        phrase.map { "HTTP \(code) \($0)" } ?? "HTTP \(code)"
    }

    /// What it means when a server that was only just configured answers so, as a clause.
    ///
    /// - Parameters:
    ///   - credentials: whether an `Authorization` was sent.
    ///   - names: what the server was configured with.
    func meaning(withCredentials credentials: Bool, named names: SettingNames) -> String? {
        switch code {
        case 401 where credentials: "it refuses the Authorization \(names.sourceOfCredentials)"
        case 401: "it asks for credentials; \(names.adviceOnCredentials)"
        case 403 where credentials:
            "the Authorization \(names.sourceOfCredentials) does not suffice, or it does not serve this host name"
        case 403: "it wants credentials \(names.sourceOfCredentials), or does not serve this host name"
        case 404: "there is nothing at the path of \(names.url)"
        case 421: "it does not serve the host name in \(names.url)"
        case 429: "it gets too many requests"
        case 502, 503, 504: "it is overloaded, or what stands before it does not reach it"
        default: nil
        }
    }

    /// `Not Found`, for the codes that MCP servers send.
    var phrase: String? {
        switch code {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: nil
        }
    }
}
