extension String {
    /// Without control characters: servers and clients choose what is logged of them, and a log is read on terminals.
    public var onOneLine: String {
        legible(keepsLineBreaks: false)
    }

    /// The same, with its lines.
    public var onItsLines: String {
        legible(keepsLineBreaks: true)
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
