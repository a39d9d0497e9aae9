extension String {
    /// Without control characters: servers and clients choose what is logged of them, and a log is read on terminals.
    public var onOneLine: String {
        legible(keepsLineBreaks: false)
    }

    /// The same, with its lines.
    public var onItsLines: String {
        legible(keepsLineBreaks: true)
    }

    /// A JSON text of which a terminal obeys nothing: DEL and C1, which may stand in its strings as they are (RFC 8259
    /// §7), are escaped. It means the same.
    public var jsonForTerminals: String {
        guard unicodeScalars.contains(where: { $0.value >= 0x7F && Self.isControl($0) || $0 == "\r" }) else {
            return self
        }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar == "\r" {
                // It stands between values only.
                text += " "
            } else if scalar.value >= 0x7F, Self.isControl(scalar) {
                text += "\\u00\(String(scalar.value, radix: 16))"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// At most so many characters (Unicode scalars), with an ellipsis where something is missing.
    public func cut(to limit: Int) -> String {
        guard utf8.count > limit, unicodeScalars.count > limit else { return self }
        return String(unicodeScalars.prefix(limit)) + "…"
    }

    private func legible(keepsLineBreaks: Bool) -> String {
        guard unicodeScalars.contains(where: { Self.isControl($0) }) else { return self }
        return String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    Self.isControl(scalar) && !(keepsLineBreaks && scalar == "\n") ? " " : scalar
                }))
    }

    /// C0, DEL and C1 (ISO 6429).
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }
}
