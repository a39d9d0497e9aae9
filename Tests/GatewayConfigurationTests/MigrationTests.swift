import Foundation
import Testing

@testable import GatewayConfiguration

@Suite("Files of TBXark's first format")
struct MigrationTests {
    private func source(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: GoldenTests.folder.appending(path: "\(name).json")))
    }

    @Test(
        "the migrated text decodes to the same configuration, and is of the second format",
        arguments: GoldenTests.names.filter { $0.hasPrefix("first-") })
    func sameMeaning(name: String) throws {
        let old = try source(name)
        let new = try #require(try Configuration.migratedText(bytes: old, fileName: "old.json"))
        #expect(try Configuration.migratedText(bytes: Array(new.utf8), fileName: "new.json") == nil)
        let before = GoldenTests.decode(old, fileName: "x.json")
        let after = GoldenTests.decode(Array(new.utf8), fileName: "x.json")
        #expect(before.configuration?.withoutPlaces == after.configuration?.withoutPlaces)
        let rest = before.diagnostics.map(\.message).filter { !$0.contains("first format") }
        #expect(rest.map(\.withoutPlaces).sorted() == after.diagnostics.map(\.message.withoutPlaces).sorted())
    }

    @Test("the migrated text is indented JSON, with variables as they were written")
    func text() throws {
        let new = try Configuration.migratedText(bytes: source("first-generation"), fileName: "old.json")
        let lines = new?.split(separator: "\n").prefix(22).joined(separator: "\n")
        #expect(
            lines == """
                {
                  "mcpProxy": {
                    "baseURL": "https://my-domain.com",
                    "addr": ":9090",
                    "name": "MCP Proxy",
                    "version": "1.0.0",
                    "options": {
                      "authTokens": ["s3cr3t-global"]
                    }
                  },
                  "mcpServers": {
                    "fetch": {
                      "transportType": "stdio",
                      "command": "uvx",
                      "env": {
                        "KEY": "${API_KEY}"
                      },
                      "args": ["mcp-server-fetch"],
                      "options": {
                        "panicIfInvalid": true,
                        "logEnabled": true,
                        "authTokens": ["s3cr3t-own", "s3cr3t-global"]
                """)
    }

    @Test("a file of the second format has no migrated text", arguments: ["tbxark-example", "both-generations"])
    func second(name: String) throws {
        #expect(try Configuration.migratedText(bytes: source(name), fileName: "x.json") == nil)
    }

    @Test("what would copy a long list of tokens into very many servers is not migrated")
    func bounded() throws {
        let tokens = Array(repeating: "\"t\"", count: 1001).joined(separator: ",")
        let clients = (0..<1000).map { "\"c\($0)\": {}" }.joined(separator: ",")
        let text = "{\"server\": {\"globalAuthTokens\": [\(tokens)]}, \"clients\": {\(clients)}}"
        #expect(try Configuration.migratedText(bytes: Array(text.utf8), fileName: "x.json") == nil)
        #expect(throws: ConfigurationFailure.self) {
            try Configuration.decode(text: text, fileName: "x.json", environment: [:])
        }
    }

    @Test("JSON that is written reads back as the same tree", arguments: GoldenTests.names)
    func roundTrip(name: String) throws {
        guard let node = try? SourceText.parse(source(name)) else { return }
        let text = node.json
        #expect(try SourceText.parse(Array(text.utf8)).json == text)
        #expect(try SourceText.parse(Array(text.utf8)).withoutPlaces == node.withoutPlaces)
    }
}

extension JSONNode {
    fileprivate var withoutPlaces: JSONNode {
        let start = Position.start
        switch value {
        case .array(let elements):
            return JSONNode(position: start, value: .array(elements.map(\.withoutPlaces)))
        case .object(let members):
            let plain = members.map { JSONMember(key: $0.key, keyPosition: start, node: $0.node.withoutPlaces) }
            return JSONNode(position: start, value: .object(plain))
        case .null, .bool, .number, .string:
            return JSONNode(position: start, value: value)
        }
    }
}

extension Configuration {
    /// The reasons of invalid servers name places, which differ between two files.
    fileprivate var withoutPlaces: Configuration {
        var copy = self
        for index in copy.servers.indices {
            guard case .invalid(let reason) = copy.servers[index].kind else { continue }
            copy.servers[index].kind = .invalid(reason: reason.withoutPlaces)
        }
        return copy
    }
}

extension String {
    fileprivate var withoutPlaces: String {
        replacing(#/:\d+:\d+/#, with: "").replacing(#/line \d+, column \d+/#, with: "")
    }
}
