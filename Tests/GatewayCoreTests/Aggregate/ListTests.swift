import NIOCore
import Testing

@testable import GatewayCore

@Suite struct ListTests {
    private static func buffer(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    @Test("a list is collected over all pages, an empty cursor included")
    func pages() {
        var list = ListCollection(.tools)
        let first = list.take(Self.buffer(#"{"tools":[{"name":"a"},{"x":1}],"nextCursor":""}"#))
        #expect(first == .ask(cursor: Self.buffer(#""""#)))
        #expect(list.take(Self.buffer(#"{"tools":[{"name":"b"}],"nextCursor":null}"#)) == .done)
        #expect(list.entries.map(\.identity) == ["a", "b"])
    }

    @Test("a server that leads in circles, on and on, or has too much is followed no further")
    func bounds() {
        var circle = ListCollection(.prompts)
        _ = circle.take(Self.buffer(#"{"prompts":[{"name":"a"}],"nextCursor":"1"}"#))
        #expect(
            circle.take(Self.buffer(#"{"prompts":[{"name":"b"}],"nextCursor":"1"}"#))
                == .cut(reason: "answered prompts/list with the same cursor twice"))
        #expect(circle.entries.count == 2)

        var endless = ListCollection(.tools, bounds: .init(pages: 2))
        _ = endless.take(Self.buffer(#"{"tools":[],"nextCursor":"1"}"#))
        #expect(
            endless.take(Self.buffer(#"{"tools":[],"nextCursor":"2"}"#))
                == .cut(reason: "has more than 2 pages of tools"))

        var many = ListCollection(.tools, bounds: .init(entries: 1))
        #expect(
            many.take(Self.buffer(#"{"tools":[{"name":"a"},{"name":"b"}]}"#))
                == .cut(reason: "has more than 1 tools"))
        #expect(many.entries.count == 1)

        var large = ListCollection(.tools, bounds: .init(bytes: 20))
        #expect(
            large.take(Self.buffer(#"{"tools":[{"name":"a"},{"name":"b"}]}"#))
                == .cut(reason: "has more than 20 bytes of tools"))

        var odd = ListCollection(.resources)
        #expect(odd.take(Self.buffer("{}")) == .cut(reason: "answered resources/list without \"resources\""))
    }

    @Test("[159] a cursor leads on through a list, and is refused for another list and when it was made up")
    func cursors() throws {
        let list = (1...5).map { Self.buffer(#"{"name":"\#($0)"}"#) }
        let first = try ListPage(of: list, .tools, at: nil, size: 2)
        let text = String(buffer: first.result)
        #expect(text.hasPrefix(#"{"tools":[{"name":"1"},{"name":"2"}],"nextCursor":""#))
        let cursor = String(text.dropLast(2).split(separator: "\"").last ?? "")
        let second = try ListPage(of: list, .tools, at: cursor, size: 2)
        #expect(String(buffer: second.result).hasPrefix(#"{"tools":[{"name":"3"},{"name":"4"}],"nextCursor":""#))
        let rest = try ListPage(of: list, .tools, at: cursor, size: 3)
        #expect(String(buffer: rest.result) == #"{"tools":[{"name":"3"},{"name":"4"},{"name":"5"}]}"#)
        for wrong in ["", "2", cursor + "0", cursor + "x", String(cursor.dropLast()) + "-1"] {
            #expect(throws: ListPage.StaleCursor.self) { try ListPage(of: list, .tools, at: wrong, size: 2) }
        }
        #expect(throws: ListPage.StaleCursor.self) { try ListPage(of: list, .prompts, at: cursor, size: 2) }
        #expect(throws: ListPage.StaleCursor.self) {
            try ListPage(of: list.dropLast(), .tools, at: cursor, size: 2)
        }
    }

    @Test("all of a list is one page unless the configuration says otherwise")
    func onePage() throws {
        let list = (1...1000).map { Self.buffer(#"{"name":"\#($0)"}"#) }
        #expect(!String(buffer: try ListPage(of: list, .tools, at: nil, size: nil).result).contains("nextCursor"))
        #expect(String(buffer: try ListPage(of: [], .tools, at: nil, size: 1).result) == #"{"tools":[]}"#)
    }

    private static func member(
        _ server: String, _ lists: [ListKind: [String]], _ exposure: Exposure = Exposure()
    ) -> MergedLists.Member {
        let entries = lists.map { kind, list in
            (kind, list.compactMap { ListEntry(buffer($0), of: kind) })
        }
        return MergedLists.Member(
            server: server, exposure: exposure, lists: Dictionary(entries) { first, _ in first })
    }

    @Test("[151] merged lists hold every server's entries in order under exposed names, all else as it came")
    func merging() {
        let merged = MergedLists(
            [
                Self.member(
                    "a",
                    [
                        .tools: [#"{"n":1.50,"name":"get","inputSchema":{"type":"object"}}"#, #"{"name":"drop"}"#],
                        .prompts: [#"{"name":"ask"}"#], .resources: [#"{"uri":"x://1","name":"one"}"#],
                    ]),
                Self.member(
                    "b",
                    [
                        .tools: [#"{"name":"get","description":"Gets."}"#, #"{"name":"hidden"}"#, #"{"name":"put"}"#],
                        .prompts: [#"{"name":"ask"}"#],
                        .resources: [#"{"uri":"x://1","name":"one"}"#],
                        .templates: [#"{"uriTemplate":"y://{z}","name":"t"}"#],
                    ],
                    Exposure(
                        prefix: "bb",
                        tools: [
                            "get": .init(name: "fetch", description: "Fetches."), "hidden": .init(isHidden: true),
                        ])),
            ], rules: NameRules())
        func list(_ kind: ListKind) -> [String] { merged.list(kind) { _ in true }.map { String(buffer: $0) } }
        #expect(
            list(.tools) == [
                #"{"n":1.50,"name":"a__get","inputSchema":{"type":"object"}}"#, #"{"name":"a__drop"}"#,
                #"{"name":"fetch","description":"Fetches."}"#, #"{"name":"bb__put"}"#,
            ])
        #expect(list(.prompts) == [#"{"name":"a__ask"}"#, #"{"name":"bb__ask"}"#])
        #expect(list(.resources) == [#"{"uri":"x://1","name":"one"}"#, #"{"uri":"mcp+b:x://1","name":"one"}"#])
        #expect(list(.templates) == [#"{"uriTemplate":"y://{z}","name":"t"}"#])
        #expect(merged.tools.origin(of: "fetch") == ExposedNames.Origin(member: 1, name: "get"))
        #expect(merged.tools.origin(of: "bb__hidden") == nil)
        #expect(merged.list(.tools) { $0.member == 1 }.count == 2)
    }

    @Test("what the configuration says of a tool holds for the name with those bytes, and for none that looks like it")
    func equivalentNames() {
        let tools = ["caf\u{E9}", "cafe\u{301}"].map { #"{"name":"\#($0)"}"# }
        func names(_ exposure: Exposure) -> [String] {
            MergedLists([Self.member("s", [.tools: tools], exposure)], rules: NameRules())
                .list(.tools) { _ in true }.map { String(buffer: $0) }
        }
        #expect(
            names(Exposure(tools: ["cafe\u{301}": .init(name: "two", description: "Second.")]))
                == [#"{"name":"s__caf_"}"#, #"{"name":"two","description":"Second."}"#])
        #expect(names(Exposure(tools: ["cafe\u{301}": .init(isHidden: true)])) == [#"{"name":"s__caf_"}"#])
    }
}
