internal import NIOCore

/// Which `Host` headers are answered. It keeps a web page that rebinds its own name to this machine (DNS rebinding)
/// from talking to it; the port does not matter for that.
struct HostRule: Sendable {
    enum Verdict: Sendable, Equatable {
        /// One of the machine's own names or a configured one.
        case known
        /// No name that is known, but every name is allowed.
        case anyAllowed
        case refused
    }

    private let names: Set<String>
    private let suffixes: [String]
    private let allowsAny: Bool

    /// - Parameters:
    ///   - allowedHosts: the configuration's `allowedHosts`.
    ///   - boundHosts: the hosts that the gateway was told to listen on.
    ///   - localNames: the machine's own names, in lower case.
    init(allowedHosts: [String], publicHost: String?, boundHosts: [String], localNames: Set<String>) {
        var names = localNames.union(["localhost", "127.0.0.1", "::1"])
        if let publicHost { names.insert(publicHost) }
        // The wildcard address is no name of this machine, yet browsers connect to it: pages must not use it.
        names.formUnion(boundHosts.compactMap(Self.host).filter { $0 != "0.0.0.0" && $0 != "::" })
        var suffixes: [String] = []
        for entry in allowedHosts {
            if entry.hasPrefix("*."), let host = Self.host(String(entry.dropFirst(2))) {
                suffixes.append("." + host)
            } else if let host = Self.host(entry) {
                names.insert(host)
            }
        }
        self.names = names
        self.suffixes = suffixes
        allowsAny = allowedHosts.contains("*")
    }

    /// - Parameter localAddress: the address that the client has reached; it is allowed as a name, so that an address
    ///   that the machine got after the start works too.
    func verdict(on host: Authority, localAddress: String?) -> Verdict {
        if names.contains(host.host) || host.host == localAddress { return .known }
        if suffixes.contains(where: host.host.hasSuffix) { return .known }
        return allowsAny ? .anyAllowed : .refused
    }

    /// The host of an entry that may be an IPv6 address without brackets.
    private static func host(_ entry: String) -> String? {
        let isBareIPv6 = !entry.hasPrefix("[") && entry.utf8.count { $0 == UInt8(ascii: ":") } > 1
        return Authority(isBareIPv6 ? "[\(entry)]" : entry)?.host
    }
}
