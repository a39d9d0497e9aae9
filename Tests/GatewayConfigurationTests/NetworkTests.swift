import Testing

@testable import GatewayConfiguration

@Suite("Networks")
struct NetworkTests {
    private func network(_ text: String) throws -> Network {
        try Network.parse(text).network
    }

    private func address(_ text: String) throws -> [UInt8] {
        // The full length: an address alone is a network of one.
        let network = try network(text)
        #expect(network.prefixLength == network.addressBytes.count * 8)
        return network.addressBytes
    }

    @Test(
        "a network contains the addresses that share its prefix, and no others",
        arguments: [
            (
                "192.168.1.0/24", ["192.168.1.0", "192.168.1.255"],
                ["192.168.0.255", "192.168.2.0", "::1", "c0a8:100::"]
            ),
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
            ("172.16.0.0/12", ["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]),
            ("192.0.2.6/31", ["192.0.2.6", "192.0.2.7"], ["192.0.2.5", "192.0.2.8"]),
            ("10.0.0.7", ["10.0.0.7"], ["10.0.0.6", "10.0.0.8"]),
            ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255", "::ffff:8.8.8.8"], ["::1", "2001:db8::1"]),
            ("::/0", ["::", "2001:db8::1"], ["1.2.3.4", "::ffff:1.2.3.4"]),
            ("fd00::/8", ["fd00::", "fdff:ffff::1"], ["fc00::1", "fe00::"]),
            ("fe80::/10", ["fe80::1", "febf::1"], ["fec0::1", "fe7f::1"]),
            ("2001:db8::/127", ["2001:db8::", "2001:db8::1"], ["2001:db8::2"]),
            ("::1", ["::1"], ["::", "::2", "127.0.0.1"]),
            ("::ffff:192.168.1.0/120", ["192.168.1.7", "::ffff:192.168.1.7"], ["192.168.2.7", "::c0a8:107"]),
            ("192.168.1.0/24", ["::ffff:192.168.1.7"], ["::192.168.1.7", "::fffe:192.168.1.7"]),
        ])
    func contains(text: String, inside: [String], outside: [String]) throws {
        let network = try network(text)
        for text in inside { #expect(network.contains(try address(text)), "\(text)") }
        for text in outside { #expect(!network.contains(try address(text)), "\(text)") }
    }

    @Test("an IPv6 address mapped from IPv4 is looked up as it comes from a socket, undecoded")
    func mapped() throws {
        let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 168, 1, 7]
        #expect(try network("192.168.1.0/24").contains(bytes))
        #expect(try network("192.168.1.0/24").contains(bytes.dropFirst(0)))
        #expect(try !network("192.168.2.0/24").contains(bytes))
        #expect(try !network("::/0").contains(bytes))
    }

    @Test("bytes that are no address are in no network", arguments: [0, 3, 5, 12, 15, 17])
    func noAddress(count: Int) throws {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(try !network("0.0.0.0/0").contains(bytes))
        #expect(try !network("::/0").contains(bytes))
        #expect(Network(addressBytes: bytes, prefixLength: 0) == nil)
    }

    @Test("bits beyond the prefix are dropped, and said to have been there")
    func hostBits() throws {
        let (network, isExact) = try Network.parse("192.168.1.77/26")
        #expect(network.description == "192.168.1.64/26" && !isExact)
        #expect(try Network.parse("192.168.1.64/26").isExact)
        #expect(Network(addressBytes: [192, 168, 1, 77], prefixLength: 26) == network)
        #expect(Network(addressBytes: [192, 168, 1, 77], prefixLength: 33) == nil)
        #expect(Network(addressBytes: [192, 168, 1, 77], prefixLength: -1) == nil)
    }
}
