extension RemoteEndpoint {
    /// The scheme, host and port of the URL (RFC 6454 §4), without user information, path and query, any of which may
    /// hold a key. `nil` if there is anything in it that could not be put on a command line as it is.
    var origin: String? {
        guard let colon = url.firstRange(of: "://") else { return nil }
        let authority = url[colon.upperBound...].prefix { !"/?#\\".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let scheme = url[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https", !host.isEmpty, host.utf8.allSatisfy(Self.isPlain) else {
            return nil
        }
        return "\(scheme)://\(host)"
    }

    /// What names and addresses of hosts, and ports, are made of.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "-._:[]".utf8.contains(byte)
        }
    }
}
