/// The texts that say who may call: origins for browsers, host names for the `Host` header.
enum AccessPattern {
    /// Checks a pattern of `cors.origins` and puts it into lower case.
    static func origin(_ text: String) throws(TextMistake) -> String {
        if text == "*" { return text }
        guard let separator = text.firstIndex(of: ":"), text[separator...].hasPrefix("://") else {
            throw TextMistake("needs a scheme; write it like \"http://linuxserver.lan:*\", or \"*\" for all")
        }
        let scheme = text[..<separator]
        var host = text[text.index(separator, offsetBy: 3)...]
        guard !host.contains("/") else {
            throw TextMistake("has a path; an origin is scheme, host and port only, without \"/\" at the end")
        }
        guard scheme.first?.isLetter == true, scheme.unicodeScalars.allSatisfy(\.canStandInScheme) else {
            throw TextMistake("has no proper scheme; write it like \"http://linuxserver.lan:*\"")
        }
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            let port = host[host.index(after: colon)...]
            guard port == "*" || UInt16(port) != nil else {
                throw TextMistake("has a port that is neither a number nor \"*\"")
            }
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.hasPrefix("*.") {
            host = host.dropFirst(2)
        }
        guard !host.isEmpty, host.unicodeScalars.allSatisfy(\.canStandInHost) else {
            throw TextMistake("has no proper host; \"*\" may stand for the port, or as \"*.\" before the host")
        }
        return text.lowercased()
    }

    /// Checks an entry of `allowedHosts` and puts it into lower case.
    static func host(_ text: String) throws(TextMistake) -> String {
        if text == "*" { return text }
        guard !text.contains("/") else { throw TextMistake("is a URL; write the host name only") }
        var host = Substring(text)
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.hasPrefix("*.") {
            host = host.dropFirst(2)
        } else if host.filter({ $0 == ":" }).count == 1 {
            throw TextMistake("has a port; leave it out, any port is meant")
        }
        guard !host.isEmpty, host.unicodeScalars.allSatisfy(\.canStandInHost) else {
            throw TextMistake("is no host name; write it like \"linuxserver.lan\" or \"*.lan\"")
        }
        return (text.hasPrefix("[") ? String(host) : text).lowercased()
    }
}

extension Unicode.Scalar {
    fileprivate var canStandInScheme: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "+", "-", ".": true
        default: false
        }
    }
}
