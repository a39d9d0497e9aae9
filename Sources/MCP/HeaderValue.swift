/// How values of a message are written into header fields (MCP 2026-07-28 "Streamable HTTP", value encoding).
public enum HeaderValue {
    private static let prefix = "=?base64?"
    private static let suffix = "?="

    /// A value as it stands in `Mcp-Name` or `Mcp-Param-…`: as it is, or as marked Base64 of its UTF-8 where a header
    /// could not carry it. An empty one is marked, too, because an empty field is easily lost on the way.
    public static func encoded(_ value: String) -> String {
        isSafe(value) ? value : prefix + Base64.text(of: value.utf8) + suffix
    }

    /// The value that such a field stands for; `nil` when it is marked as Base64 and is none, or not of UTF-8.
    ///
    /// - Parameter field: without white space around it.
    public static func decoded(_ field: String) -> String? {
        guard isMarked(field) else { return field }
        let inner = field.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        return Base64.bytes(of: String(Substring(inner))).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Without the white space around it that belongs to no field value (RFC 9110 §5.5).
    public static func trimmed(_ field: String) -> String {
        // Parsers of HTTP leave hardly any.
        guard isBlank(field.utf8.first) || isBlank(field.utf8.last) else { return field }
        var text = field[...]
        while isBlank(text.utf8.first) { text = text.dropFirst() }
        while isBlank(text.utf8.last) { text = text.dropLast() }
        return String(text)
    }

    private static func isBlank(_ byte: UInt8?) -> Bool {
        byte == 0x20 || byte == 0x09
    }

    private static func isSafe(_ value: String) -> Bool {
        let bytes = value.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        let space = UInt8(ascii: " ")
        return first != space && last != space && bytes.allSatisfy { (0x20...0x7E).contains($0) } && !isMarked(value)
    }

    private static func isMarked(_ value: String) -> Bool {
        value.utf8.count >= prefix.utf8.count + suffix.utf8.count && value.utf8.first == UInt8(ascii: "=")
            && value.hasPrefix(prefix) && value.hasSuffix(suffix)
    }
}
