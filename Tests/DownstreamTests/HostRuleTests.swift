import Testing

@testable import Downstream

@Suite("Host")
struct HostRuleTests {
    private func verdict(_ host: String, allowed: [String] = [], local: String? = nil) -> HostRule.Verdict? {
        let rule = HostRule(
            allowedHosts: allowed, publicHost: "mcp.example.lan",
            boundHosts: ["0.0.0.0", "10.9.8.7", "nas.lan", "[fd00::9]"],
            localNames: ["box", "box.local", "192.168.1.5"])
        return Authority(host).map { rule.verdict(on: $0, localAddress: local) }
    }

    @Test(
        "[2] the machine's own names are answered on any port",
        arguments: [
            "localhost", "localhost:9090", "LOCALHOST.", "127.0.0.1:1", "[::1]:9090", "[::1]", "box", "Box.local:80",
            "192.168.1.5:9090", "mcp.example.lan", "10.9.8.7", "nas.lan:9090", "[fd00::9]",
        ])
    func own(_ host: String) {
        #expect(verdict(host) == .known)
    }

    @Test(
        "[2] foreign names are refused, also those that contain an own one",
        arguments: ["evil.example.com", "localhost.evil.example", "xbox", "0.0.0.0:9090", "127.0.0.1.nip.io"])
    func foreign(_ host: String) {
        #expect(verdict(host) == .refused)
    }

    @Test(
        "what is no host at all is none",
        arguments: ["", ":80", "a b", "a:b", "a:99999", "[::1", "a/b", "a@b", "[::1]x"])
    func malformed(_ host: String) {
        #expect(Authority(host) == nil)
    }

    @Test("the address that the client has reached is known, also if the machine got it after the start")
    func localAddress() {
        #expect(verdict("10.1.2.3") == .refused)
        #expect(verdict("10.1.2.3:9090", local: "10.1.2.3") == .known)
    }

    @Test("allowedHosts takes names, addresses, whole domains and everything")
    func allowed() {
        #expect(verdict("tv.lan", allowed: ["tv.lan"]) == .known)
        #expect(verdict("tv.lan:9090", allowed: ["TV.lan:1234"]) == .known)
        #expect(verdict("[fd00::7]", allowed: ["fd00::7"]) == .known)
        #expect(verdict("a.b.lan", allowed: ["*.lan"]) == .known)
        #expect(verdict("lan", allowed: ["*.lan"]) == .refused)
        #expect(verdict("evil.example", allowed: ["*"]) == .anyAllowed)
    }

    @Test("addresses are compared without their interface and without an IPv6 wrapping")
    func plainAddresses() {
        #expect(LocalNames.plain("fe80::1%eth0") == "fe80::1")
        #expect(LocalNames.plain("::ffff:192.168.1.5") == "192.168.1.5")
        #expect(LocalNames.plain("::1") == "::1")
    }

    @Test("the search domains are those of the last search or domain line")
    func searchDomains() {
        let text = "# made by nobody\nnameserver 10.0.0.1\ndomain old.lan\nsearch lan fritz.box\noptions edns0\n"
        #expect(LocalNames.searchDomains(in: text) == ["lan", "fritz.box"])
    }
}
