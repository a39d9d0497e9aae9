/// Why a text is no URL to send a request to. Never quotes the text, which may hold secrets.
public enum HTTPURLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It does not begin with `http://` or `https://`.
    case unsupported
    /// It is no URL, for this reason.
    case malformed(String)

    /// The rest of a sentence that names where the text is from.
    public var description: String {
        switch self {
        case .unsupported: "is no absolute URL that begins with http:// or https://"
        case .malformed(let reason): "is no valid URL: \(reason)"
        }
    }
}
