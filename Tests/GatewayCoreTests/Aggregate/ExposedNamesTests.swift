import Testing

@testable import GatewayCore

@Suite struct ExposedNamesTests {
    private typealias Origin = ExposedNames.Origin

    /// A row: the server, its prefix, its tool, and the name that the configuration gives it, if any.
    typealias Row = (server: String, prefix: String, tool: String, given: String?)

    private static func names(_ rows: [Row], _ rules: NameRules = NameRules()) -> [String] {
        let servers = rows.map(\.server).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let origins = rows.map { Origin(member: servers.firstIndex(of: $0.server) ?? 0, name: $0.tool) }
        let names = ExposedNames(
            zip(rows, origins).map { row, origin in
                ExposedNames.Entry(origin: origin, server: row.server, prefix: row.prefix, given: row.given)
            }, rules: rules)
        let exposed = origins.map { names.exposed($0) ?? "none" }
        for (name, origin) in zip(exposed, origins) { #expect(names.origin(of: name) == origin) }
        return exposed
    }

    private static func row(_ server: String, _ tool: String, prefix: String? = nil, given: String? = nil) -> Row {
        (server, prefix ?? NameRules.sanitised(server), tool, given)
    }

    @Test("[151] two servers' tools of one name have different names, each behind its server's prefix")
    func prefixes() {
        #expect(Self.names([Self.row("git", "log"), Self.row("svn", "log")]) == ["git__log", "svn__log"])
    }

    @Test(
        "[151] a character that not every client takes becomes an underscore",
        arguments: [
            ("team/fetch", "get.page", "team_fetch__get_page"), ("s", "größe", "s__gr__e"),
            ("s", "a b", "s__a_b"), ("s", "ok-Name_1", "s__ok-Name_1"),
        ])
    func sanitising(server: String, tool: String, expected: String) {
        #expect(Self.names([Self.row(server, tool)]) == [expected])
    }

    @Test("[152] a long name is cut and ends with the digits of a hash, the same in every process")
    func longNames() {
        let tool = String(repeating: "abcdefghij", count: 10)
        let names = Self.names([Self.row("one", tool), Self.row("two", tool), Self.row("two", tool + "k")])
        #expect(names[0] == "one__abcdefghijabcdefghijabcdefghijabcdefgh_c42f0cf5")
        #expect(names.allSatisfy { $0.utf8.count == 52 })
        #expect(Set(names).count == 3)
        let longer = Self.names([Self.row("one", tool)], NameRules(maximumLength: 128))
        #expect(longer == ["one__" + tool])
    }

    @Test("[152] a name does not depend on what other servers have, nor on the order of a list")
    func stability() {
        let alone = Self.names([Self.row("a", "x"), Self.row("a", "y.z")])
        let together = Self.names([
            Self.row("a", "y.z"), Self.row("b", "x"), Self.row("a", "x"), Self.row("b", "y.z"), Self.row("a", "new"),
        ])
        #expect(alone == [together[2], together[0]])
    }

    @Test("[151] of names that meet after sanitising the unchanged one keeps its own, and the others get a hash")
    func collisionAfterSanitising() {
        let names = Self.names([Self.row("s", "a.b"), Self.row("s", "a_b"), Self.row("s", "a b")])
        #expect(names[1] == "s__a_b")
        #expect(names[0].hasPrefix("s__a_b_") && names[2].hasPrefix("s__a_b_"))
        #expect(Set(names).count == 3)
        let changed = Self.names([Self.row("s", "a.b"), Self.row("s", "a b")])
        #expect(changed == [names[0], names[2]])
    }

    @Test("[151] prefixes that run into each other do not make two tools one")
    func separatorInNames() {
        let names = Self.names([Self.row("a", "b__c"), Self.row("a__b", "c")])
        #expect(names[0] == "a__b__c")
        #expect(names[1] != names[0] && names[1].hasPrefix("a__b__c_"))
    }

    @Test("[151] without prefixes the first server keeps the name, and the other gets its prefix back")
    func emptyPrefix() {
        let names = Self.names([
            Self.row("a", "get", prefix: ""), Self.row("b", "get", prefix: ""),
            Self.row("b", "put", prefix: ""),
        ])
        #expect(names == ["get", "b__get", "put"])
    }

    @Test("[151] a name from the configuration goes before any other; the second of two gets a hash")
    func givenNames() {
        let names = Self.names([
            Self.row("a", "x", prefix: ""), Self.row("b", "y", given: "x"), Self.row("c", "z", given: "x"),
        ])
        #expect(names[1] == "x")
        #expect(names[0] == "a__x")
        #expect(names[2].hasPrefix("x_"))
    }

    @Test("[151] whatever servers call their tools, every name is legal, unique, and leads back")
    func randomNames() {
        var generator = SplitMix(state: 151)
        let alphabet = Array("aA_-. é")
        let servers = ["a", "a_", "a__a", "é", "B"]
        for maximumLength in [16, 52] {
            let rows = (0..<400).map { _ in
                let server = servers[Int.random(in: 0..<servers.count, using: &generator)]
                let tool = String(
                    (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                    })
                return Self.row(server, tool, prefix: Bool.random(using: &generator) ? "" : nil)
            }
            var seen: Set<String> = []
            let unique = rows.filter { seen.insert("\($0.server)\u{0}\($0.tool)").inserted }
            let names = Self.names(unique, NameRules(maximumLength: maximumLength))
            #expect(Set(names).count == names.count)
            #expect(names.allSatisfy { (1...maximumLength).contains($0.utf8.count) && NameRules.sanitised($0) == $0 })
        }
    }

    @Test("[151] [153] names that only look the same are two, and each leads to its own")
    func equivalentNames() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        let names = Self.names([Self.row("s", composed), Self.row("s", decomposed)])
        #expect(names == ["s__caf_", "s__cafe_"])
        let exposed = ExposedNames(
            [composed, decomposed].map {
                ExposedNames.Entry(origin: Origin(member: 0, name: $0), server: "s", prefix: "s")
            }, rules: NameRules())
        let leads = names.map { Array(exposed.origin(of: $0)?.name.utf8 ?? "".utf8) }
        #expect(leads == [Array(composed.utf8), Array(decomposed.utf8)])
        // U+212A is the sign of the kelvin.
        let k = ExposedNames(
            [ExposedNames.Entry(origin: Origin(member: 0, name: "K"), server: "s", prefix: "s")], rules: NameRules())
        #expect(k.origin(of: "s__K") != nil && k.origin(of: "s__\u{212A}") == nil)
    }

    @Test("names that differ only in case are told")
    func caseClashes() {
        let entries = ["Get", "get", "put"].map {
            ExposedNames.Entry(origin: Origin(member: 0, name: $0), server: "s", prefix: "s")
        }
        #expect(ExposedNames(entries, rules: NameRules()).caseClashes == [["s__Get", "s__get"]])
    }
}

/// The same numbers every time.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
