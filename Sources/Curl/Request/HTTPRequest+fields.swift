extension HTTPRequest {
    /// Header lines for libcurl, or why there are none.
    func headerLines() throws(TransferFailure) -> [String] {
        // A name without a value takes a field away that libcurl would add (CURLOPT_HTTPHEADER(3)).
        var lines = ["Expect:"]
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        for field in headers { lines.append(try Self.line(of: field)) }
        return lines
    }

    private static func line(of field: HTTPField) throws(TransferFailure) -> String {
        guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenCharacter) else {
            throw TransferFailure(.other, wasSent: false, "a header name is no token")
        }
        guard !reserved.contains(field.name.lowercased()) else {
            throw TransferFailure(.other, wasSent: false, "the header \(field.name) belongs to the connection")
        }
        guard !field.value.utf8.contains(where: { $0 == 0x00 || $0 == 0x0A || $0 == 0x0D }) else {
            throw TransferFailure(
                .other, wasSent: false, "the value of the header \(field.name) contains a line break or NUL")
        }
        let isBlank = field.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        return isBlank ? "\(field.name);" : "\(field.name): \(field.value)"
    }

    /// What frames the message or is between two neighbours only (RFC 9110 §7.6.1).
    private static let reserved: Set<String> = [
        "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// RFC 9110 §5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
