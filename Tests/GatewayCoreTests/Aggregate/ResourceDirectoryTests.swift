import Testing

@testable import GatewayCore

@Suite struct ResourceDirectoryTests {
    private typealias Shelf = ResourceDirectory.Shelf
    private typealias Place = ResourceDirectory.Place

    @Test(
        "a template matches what it can expand to",
        arguments: [
            ("note://{id}", "note://7", true), ("note://{id}", "note://7/8", false), ("note://{id}", "note://", true),
            ("file:///{+path}", "file:///a/b", true), ("file:///{+path}", "file://host/a", false),
            ("a://x{?q}", "a://x?q=1", true), ("a://x{?q}", "a://x", true), ("a://{x}/end", "a://1/end", true),
            ("a://{x}/end", "a://1/end/", false), ("a://{x}{y}", "a://12", true), ("plain", "plain", true),
            ("broken{x", "broken{x", true), ("a{/p}z", "a/b/cz", true),
        ])
    func matching(template: String, uri: String, expected: Bool) {
        #expect(URITemplate(template).matches(uri) == expected)
    }

    @Test(
        "two templates overlap if there is a URI for both",
        arguments: [
            ("a://{x}", "a://{y}", true), ("a://{x}/1", "a://{x}/2", false), ("a://{x}", "b://{x}", false),
            ("a://{x}", "a://p/{y}", false), ("a://{+x}", "a://p/{y}", true), ("a://p", "a://{x}", true),
            ("a://{x}-{y}", "a://1-2", true), ("a://{x}b", "a://{x}c", false),
        ])
    func overlapping(one: String, two: String, expected: Bool) {
        #expect(URITemplate(one).overlaps(URITemplate(two)) == expected)
        #expect(URITemplate(two).overlaps(URITemplate(one)) == expected)
    }

    @Test("[154] a URI that one server lists passes unchanged; of two servers with the same the second gets a label")
    func collidingURIs() {
        let directory = ResourceDirectory([
            Shelf(label: "a", resources: ["x://1", "x://2"]), Shelf(label: "b", resources: ["x://2", "x://3"]),
        ])
        #expect(directory.exposed("x://2", of: 0) == "x://2")
        #expect(directory.exposed("x://2", of: 1) == "mcp+b:x://2")
        #expect(directory.exposed("x://3", of: 1) == "x://3")
        #expect(directory.resolve("x://2") == Place(member: 0, uri: "x://2"))
        #expect(directory.resolve("mcp+b:x://2") == Place(member: 1, uri: "x://2"))
        #expect(directory.resolve("mcp+b:unlisted:") == Place(member: 1, uri: "unlisted:"))
        #expect(directory.resolve("mcp+c:x://2") == nil)
        #expect(directory.resolve("x://4") == nil)
    }

    @Test("[154] a template that can mean another's resources gets a label, and what it expands to leads to its server")
    func collidingTemplates() {
        let directory = ResourceDirectory([
            Shelf(label: "a", templates: ["note://{id}"]),
            Shelf(label: "b", resources: ["note://7"], templates: ["note://{name}", "other://{id}"]),
        ])
        #expect(directory.exposed(template: "note://{name}", of: 1) == "mcp+b:note://{name}")
        #expect(directory.exposed(template: "other://{id}", of: 1) == "other://{id}")
        #expect(directory.exposed(template: "note://{id}", of: 0) == "note://{id}")
        #expect(directory.resolve("note://9") == Place(member: 0, uri: "note://9"))
        #expect(directory.resolve("mcp+b:note://9") == Place(member: 1, uri: "note://9"))
        // What b links to without listing it would lead to a.
        #expect(directory.exposed("note://9", of: 1) == "mcp+b:note://9")
        // What b lists is b's.
        #expect(directory.resolve("note://7") == Place(member: 1, uri: "note://7"))
        #expect(directory.resolve("mcp+b:note://{name}") == Place(member: 1, uri: "note://{name}"))
    }

    @Test("a template that is too long to be compared overlaps with itself only")
    func longTemplates() {
        let room = String(repeating: "x", count: URITemplate.comparisonLimit - "a://".count)
        #expect(URITemplate("a://" + room).overlaps(URITemplate("a://{x}")))
        #expect(!URITemplate("a://x" + room).overlaps(URITemplate("a://{x}")))
        #expect(URITemplate("a://x" + room).overlaps(URITemplate("a://x" + room)))
    }

    @Test("labels can stand in a scheme, and no two are the same")
    func labels() {
        let labels = ResourceDirectory.labels(of: ["Team/Fetch", "team-fetch", "git_2", "größe"])
        #expect(labels[0] == "team-fetch" && labels[2] == "git-2" && labels[3] == "gr--e")
        #expect(Set(labels).count == 4 && labels[1].hasPrefix("team-fetch-"))
    }

    @Test("as many links are remembered as there may be, the newest")
    func seenLinks() {
        var links = SeenLinks(limit: 2)
        for uri in ["1", "2", "1", "3"] { links.add(uri, of: "s" + uri) }
        #expect(links["1"] == nil && links["2"] == "s2" && links["3"] == "s3")
    }
}
