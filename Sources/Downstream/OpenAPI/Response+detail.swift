internal import JSONRPC
internal import NIOCore
internal import NIOHTTP1

// Refusals as FastAPI, and so mcpo, has them: one member `detail`.

extension Response {
    /// A refusal.
    static func detail(_ status: HTTPResponseStatus, _ words: String) -> Response {
        json(status, JSONText.object([("detail", JSONText.quotedBuffer(words))]))
    }

    /// No token, or nothing that could be one (mcpo, `--strict-auth`).
    static let missingKey = detail(.unauthorized, "Missing or invalid Authorization header")
        .with("www-authenticate", "Bearer").with("www-authenticate", #"Basic realm="mcp-gateway""#)

    /// A token that opens nothing here.
    static let wrongKey = detail(.forbidden, "Invalid API key")

    /// The same refusal in this form.
    var asDetail: Response {
        let words: String
        switch status {
        case .notFound: words = "Not Found"
        case .methodNotAllowed: words = "Method Not Allowed"
        default:
            let members = JSONOutline.members(of: body) ?? []
            func text(_ key: String) -> String? {
                members.first { $0.key == key }.flatMap { JSONOutline.string($0.value) }
            }
            guard let error = text("error") else { return self }
            words = text("hint").map { "\(error): \($0)" } ?? error
        }
        var response = self
        response.body = JSONText.object([("detail", JSONText.quotedBuffer(words))])
        return response
    }
}
