internal import Glibc

/// A range of IP addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3), such as `192.168.1.0/24`.
///
/// IPv4 addresses mapped into IPv6 (`::ffff:192.168.1.2`, RFC 4291 section 2.5.5.2), as which a socket for both sees
/// IPv4 clients, count as the IPv4 addresses they hold: on both sides of `contains`.
public struct Network: Sendable, Hashable, CustomStringConvertible {
    /// The first address: 4 or 16 bytes, in network order. The bits beyond the prefix are 0.
    public let addressBytes: [UInt8]
    /// How many bits all addresses have in common, 0 to 32 or 0 to 128.
    public let prefixLength: Int

    /// Describes the network of an address; bits beyond the prefix are dropped. `nil` if there are not 4 or 16 bytes, or
    /// if the prefix is longer than the address.
    public init?(addressBytes: [UInt8], prefixLength: Int) {
        guard addressBytes.count == 4 || addressBytes.count == 16, prefixLength >= 0,
            prefixLength <= addressBytes.count * 8
        else { return nil }
        var bytes = addressBytes
        var length = prefixLength
        if length >= 96, bytes.starts(with: Self.mappedPrefix), bytes.count == 16 {
            bytes.removeFirst(12)
            length -= 96
        }
        self.addressBytes = bytes.enumerated().map { index, byte in byte & Self.mask(ofByte: index, prefix: length) }
        self.prefixLength = length
    }

    /// Whether an address, 4 or 16 bytes in network order, lies in this network. Takes no memory.
    public func contains(_ addressBytes: some Collection<UInt8>) -> Bool {
        if addressBytes.count == 16, addressBytes.starts(with: Self.mappedPrefix) {
            return matches(addressBytes.dropFirst(12))
        }
        return matches(addressBytes)
    }

    private func matches(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count == addressBytes.count else { return false }
        for (index, (mine, other)) in zip(addressBytes, bytes).enumerated()
        where other & Self.mask(ofByte: index, prefix: prefixLength) != mine {
            return false
        }
        return true
    }

    /// The network as the file spells it.
    public var description: String {
        let family = addressBytes.count == 4 ? AF_INET : AF_INET6
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, addressBytes, &text, socklen_t(text.count)) != nil else { return "?/\(prefixLength)" }
        let address = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "\(String(decoding: address, as: UTF8.self))/\(prefixLength)"
    }

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// The bits of a byte that belong to a prefix.
    private static func mask(ofByte index: Int, prefix: Int) -> UInt8 {
        let bits = min(max(prefix - index * 8, 0), 8)
        return bits == 0 ? 0 : .max << (8 - bits)
    }

    /// Parses an address, or a network in CIDR notation.
    /// - Returns: The network, and whether the text has no bits beyond its prefix.
    static func parse(_ text: String) throws(TextMistake) -> (network: Network, isExact: Bool) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let address = String(parts.first ?? "")
        guard !address.contains("%") else { throw TextMistake("has a zone; leave out \"%\" and what follows") }
        guard let bytes = addressBytes(of: address) else {
            throw TextMistake("is no network; write it like \"192.168.1.0/24\", \"10.0.0.7\" or \"fd00::/8\"")
        }
        let longest = bytes.count * 8
        var length = longest
        if parts.count == 2 {
            let digits = parts[1]
            guard let number = UInt8(digits), number <= longest, String(number) == digits else {
                throw TextMistake("needs a prefix length from 0 to \(longest) after \"/\"")
            }
            length = Int(number)
        }
        guard let network = Network(addressBytes: bytes, prefixLength: length),
            let written = Network(addressBytes: bytes, prefixLength: longest)
        else { throw TextMistake("is no network; write it like \"192.168.1.0/24\"") }
        return (network, written.addressBytes == network.addressBytes)
    }

    private static func addressBytes(of text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        let isIPv6 = text.contains(":")
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        return inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 ? bytes : nil
    }
}
