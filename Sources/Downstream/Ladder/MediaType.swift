/// Media types (RFC 9110 §8.3.1), as far as one is asked for here.
enum MediaType {
    /// Whether a `Content-Type` is `application/json`, with any parameters.
    static func isJSON(_ value: String) -> Bool {
        if value == "application/json" { return true }
        guard let type = value.split(separator: ";", maxSplits: 1).first else { return false }
        return type.lowercased().split(whereSeparator: { $0 == " " || $0 == "\t" }) == ["application/json"]
    }
}
