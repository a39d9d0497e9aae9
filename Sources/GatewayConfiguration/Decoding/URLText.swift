/// What can be wrong with an absolute http or https URL that nothing but the connection would find.
enum URLText {
    /// What is wrong with the host and port of `url`, or `nil`. Never quotes it: what seems a port may be a password.
    static func mistake(in url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let afterUser = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        var (host, rest) = (afterUser, Substring())
        if afterUser.hasPrefix("[") {
            guard let end = afterUser.firstIndex(of: "]") else { return "has a \"[\" that is never closed; close it" }
            host = afterUser[...end]
            rest = afterUser[afterUser.index(after: end)...]
        } else if let colon = afterUser.firstIndex(of: ":") {
            host = afterUser[..<colon]
            rest = afterUser[colon...]
        }
        if host.isEmpty || host == "[]" { return "names no host; write it after \"//\"" }
        guard !rest.isEmpty else { return nil }
        let port = rest.dropFirst()
        let isPort =
            port.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && (port.isEmpty || Int(port).map { (1...65_535).contains($0) } == true)
        guard rest.first == ":", isPort else { return "must have a number from 1 to 65535 as its port" }
        return nil
    }
}
