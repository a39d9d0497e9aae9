/// Where the gateway listens: the key `addr`.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A host name or an address without brackets; `nil` means all interfaces.
    public var host: String?
    /// The port; 0 lets the system choose one.
    public var port: Int

    /// Describes an address; the default is `127.0.0.1:9090`.
    public init(host: String? = "127.0.0.1", port: Int = 9090) {
        self.host = host
        self.port = port
    }

    /// The address as the file spells it.
    public var description: String {
        guard let host else { return ":\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool {
        guard let host = host?.lowercased() else { return false }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return host == "localhost" || host == "::1"
            || (numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil))
    }

    /// Parses `host:port`, `[address]:port` or `:port`, as Go's `net.Listen` takes them.
    init(parsing text: String) throws(TextMistake) {
        guard !text.contains("://") else {
            throw TextMistake("is a URL; write host:port, for instance \"127.0.0.1:9090\"")
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw TextMistake(
                text.allSatisfy(\.isNumber)
                    ? "has no colon before the port; write it like \":9090\""
                    : "has no port; write it like \"localhost:9090\"")
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else {
                throw TextMistake("has brackets around what is no IPv6 address; remove them")
            }
        } else if host.contains(":") {
            throw TextMistake("is an IPv6 address without brackets; write \"[::1]:9090\"")
        }
        guard host != "*" else { throw TextMistake("has \"*\" as its host; leave it out to listen on all interfaces") }
        guard host.unicodeScalars.allSatisfy(\.canStandInHost) else {
            throw TextMistake("has a character that no host name holds; write host:port")
        }
        let digits = text[text.index(after: colon)...]
        guard let port = UInt16(digits), digits.first != "+" else {
            throw TextMistake("needs a port from 0 to 65535 after the colon, for instance \"127.0.0.1:9090\"")
        }
        self.init(host: host.isEmpty ? nil : String(host), port: Int(port))
    }
}

/// What is wrong with a text and what to do, to be put after the name of its key.
struct TextMistake: Error, Equatable {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}

extension Unicode.Scalar {
    /// Whether it can be part of a host name or of a bare address (RFC 3986, `reg-name` without escapes; `%` for zones).
    var canStandInHost: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", ":", "%": true
        default: false
        }
    }

    /// Whether it can stand in the path of a URL as it is (RFC 3986, `pchar` without escapes).
    var canStandInPath: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": true
        case "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=", ":", "@": true
        default: false
        }
    }
}
