/// What can be said of an HTTP header field without sending it (RFC 9110 §5).
enum HeaderField {
    /// What is wrong with a name, to be put after it. A name is a token (RFC 9110 §5.6.2).
    static func mistake(inName name: String) -> String? {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            return "is no name of a header; it can have letters, digits and \"-\" only, without a colon"
        }
        return nil
    }

    /// What is wrong with a value, to be put after the header's name. Never quotes it.
    static func mistake(inValue value: String) -> String? {
        if value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
            return "holds a line break or another control character, which no header can have; remove it"
        }
        let scalars = value.unicodeScalars
        if scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true {
            return "begins or ends with white space, which no server would see; remove it"
        }
        return nil
    }

    /// Whether the gateway sets this header itself wherever it is needed, so that another value would break the
    /// connection.
    static func belongsToTransport(_ name: String) -> Bool {
        let name = name.lowercased()
        return transportNames.contains(name) || name.hasPrefix("mcp-")
    }

    private static let transportNames: Set<String> = [
        "accept", "accept-encoding", "connection", "content-length", "content-type", "content-encoding", "expect",
        "keep-alive", "last-event-id", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
