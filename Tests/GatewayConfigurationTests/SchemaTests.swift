import Foundation
import Testing

@testable import GatewayConfiguration

@Suite("The JSON Schema that editors complete from")
struct SchemaTests {
    private static func checker() throws -> SchemaChecker {
        let file = ShippedFilesTests.root.appending(path: "config/mcp-gateway.schema.json")
        return try SchemaChecker(root: SourceText.parse([UInt8](Data(contentsOf: file))))
    }

    /// The schema's name for each kind of object the decoder knows.
    static let places: [(name: String, keys: Keys)] = [
        ("file", .file), ("mcpProxy", .front), ("mcpProxyOptions", .frontOptions), ("cors", .cors), ("admin", .admin),
        ("limits", .limits), ("server", .server), ("serverOptions", .serverOptions), ("toolFilter", .toolFilter),
        ("restart", .restart), ("instances", .instances), ("aggregate", .aggregate), ("openapi", .openAPI),
        ("group", .group),
        ("expose", .exposure), ("exposedTool", .exposedTool),
    ]

    @Test(
        "every object of the schema has the keys that the decoder knows there, each with a description",
        arguments: places)
    func keys(name: String, keys: Keys) throws {
        let checker = try Self.checker()
        let object = try #require(checker.definition(name))
        let properties = try #require(object["properties"]).members
        #expect(Set(properties.map(\.key)).subtracting(["$schema"]) == Set(keys.known + keys.later))
        #expect(object["additionalProperties"]?.value == .bool(false))
        for property in properties {
            let referred = property.node["$ref"]?.text.flatMap { checker.definition(String($0.dropFirst(8))) }
            #expect(
                (property.node["description"] ?? referred?["description"])?.text?.isEmpty == false, "\(property.key)")
        }
    }

    /// Mistakes of a disabled server are warnings of the decoder, and still mistakes for the schema.
    static let namesButDisabled = GoldenTests.names.filter { $0 != "disabled-with-mistakes" }

    @Test("a golden file without errors and unknown keys goes with the schema", arguments: namesButDisabled)
    func accepts(name: String) throws {
        let source = try [UInt8](Data(contentsOf: GoldenTests.folder.appending(path: "\(name).json")))
        let (configuration, diagnostics) = GoldenTests.decode(source, fileName: "\(name).json")
        guard configuration != nil, diagnostics.allSatisfy({ $0.severity == .warning && !$0.concernsTheSchema }) else {
            return
        }
        #expect(try Self.mistakes(in: source) == [])
    }

    @Test("a golden file with an unknown key goes against the schema", arguments: GoldenTests.names)
    func refuses(name: String) throws {
        let source = try [UInt8](Data(contentsOf: GoldenTests.folder.appending(path: "\(name).json")))
        let (_, diagnostics) = GoldenTests.decode(source, fileName: "\(name).json")
        guard diagnostics.contains(where: { $0.message.contains("is not known and has no effect") }) else { return }
        #expect(try Self.mistakes(in: source) != [])
    }

    @Test("the shipped files name the schema and go with it", arguments: ["config.json", "linuxserver.example.json"])
    func shipped(name: String) throws {
        let folder = ShippedFilesTests.root.appending(path: "config")
        let source = try [UInt8](Data(contentsOf: folder.appending(path: name)))
        #expect(try Self.mistakes(in: source) == [])
        let reference = try #require(SourceText.parse(source)["$schema"]?.text)
        #expect(FileManager.default.fileExists(atPath: folder.appending(path: reference).path()))
    }

    @Test(
        "what the decoder refuses for its form, the schema refuses at the same place",
        arguments: [
            (#"{}"#, "$: required mcpServers"),
            (#"{"mcpServers": {"api/x": {}}}"#, "$.mcpServers.api/x: pattern"),
            (#"{"mcpServers": {"a/../b": {}}}"#, "$.mcpServers.a/../b: pattern"),
            (#"{"mcpServers": {"a": {"command": 1}}}"#, "$.mcpServers.a.command: type"),
            (#"{"mcpServers": {"a": {"command": "a", "comand": "b"}}}"#, "$.mcpServers.a.comand"),
            (#"{"mcpServers": {"a": {"transportType": "websocket"}}}"#, "$.mcpServers.a.transportType: anyOf"),
            (#"{"mcpServers": {"a": {"builtin": "status"}}}"#, "$.mcpServers.a.builtin: anyOf"),
            (#"{"mcpServers": {"a": {"oauth": {}}}}"#, "$.mcpServers.a.oauth: not"),
            (#"{"mcpServers": {"a": {"callTimeout": "30"}}}"#, "$.mcpServers.a.callTimeout: pattern"),
            (#"{"mcpServers": {"a": {"callTimeout": 30}}}"#, "$.mcpServers.a.callTimeout: minimum"),
            (#"{"mcpServers": {"a": {"timeout": 30}}}"#, "$.mcpServers.a.timeout: anyOf"),
            (#"{"mcpServers": {"a": {"env": {"A=B": "x"}}}}"#, "$.mcpServers.a.env.A=B: pattern"),
            (
                #"{"mcpServers": {"a": {"options": {"authTokens": [""]}}}}"#,
                "$.mcpServers.a.options.authTokens[0]: minLength"
            ),
            (#"{"mcpServers": {}, "mcpProxy": {"addr": "9090"}}"#, "$.mcpProxy.addr: pattern"),
            (#"{"mcpServers": {}, "mcpProxy": {"addr": 9090}}"#, "$.mcpProxy.addr: type"),
            (#"{"mcpServers": {}, "mcpProxy": {"addr": [":9090", "unix:x"]}}"#, "$.mcpProxy.addr[1]: pattern"),
            (#"{"mcpServers": {}, "mcpProxy": {"limits": {"sessions": 0}}}"#, "$.mcpProxy.limits.sessions: minimum"),
            (
                #"{"mcpServers": {}, "mcpProxy": {"limits": {"queueBytes": "1M"}}}"#,
                "$.mcpProxy.limits.queueBytes: pattern"
            ),
            (#"{"mcpServers": {}, "mcpProxy": {"openapi": {"addr": "8000"}}}"#, "$.mcpProxy.openapi.addr: pattern"),
            (#"{"mcpServers": {"openapi": {"command": "a"}}}"#, "$.mcpServers.openapi: pattern"),
            (#"{"mcpServers": {}, "mcpProxy": {"allowedNetworks": ["*"]}}"#, "$.mcpProxy.allowedNetworks[0]: pattern"),
        ])
    func forms(text: String, mistake: String) throws {
        #expect(try Self.mistakes(in: Array(text.utf8)) == [mistake])
        let decoded = try? Configuration.decode(text: text, fileName: "x.json", environment: [:])
        #expect(decoded.map { !$0.diagnostics.isEmpty } ?? true)
    }

    @Test("the defaults of the schema are those of the decoder")
    func defaults() throws {
        let proxy = try object(
            of: "mcpProxy",
            [
                "options": object(of: "mcpProxyOptions", ["cors": object(of: "cors")]), "limits": object(of: "limits"),
                "aggregate": object(of: "aggregate"), "openapi": object(of: "openapi"),
            ])
        let server = try object(
            of: "server",
            ["options": object(of: "serverOptions"), "restart": object(of: "restart"), "expose": object(of: "expose")])
        let written = "{\"mcpProxy\": \(proxy), \"mcpServers\": {\"a\": \(server)}}"
        let plain = "{\"mcpProxy\": {}, \"mcpServers\": {\"a\": {}}}"
        #expect(written.contains("\"callTimeout\": \"5m\"") && written.contains("\"sessions\": 4096"))
        let complete = try Configuration.decode(text: written, fileName: "x.json", environment: [:])
        let empty = try Configuration.decode(text: plain, fileName: "x.json", environment: [:])
        #expect(complete.configuration.front == empty.configuration.front)
        var (servers, others) = (complete.configuration.servers, empty.configuration.servers)
        // Neither says how it is reached, at another place of its file.
        servers[0].kind = .disabled
        others[0].kind = .disabled
        #expect(servers == others)
    }

    /// An object with every default of a definition, and the members given.
    private func object(of name: String, _ members: [String: String] = [:]) throws -> String {
        let properties = try #require(Self.checker().definition(name)?["properties"]).members
        let defaults = properties.compactMap { property in
            property.node["default"].map { "\"\(property.key)\": \($0.json.trimmingCharacters(in: .newlines))" }
        }
        return "{" + (defaults + members.map { "\"\($0.key)\": \($0.value)" }).joined(separator: ", ") + "}"
    }

    private static func mistakes(in source: [UInt8]) throws -> [String] {
        try checker().mistakes(in: try SourceText.parse(source).withoutNulls)
    }
}

extension Diagnostic {
    /// Whether it remarks on what the schema does not take: a key in another place, case or generation.
    fileprivate var concernsTheSchema: Bool {
        ["is not known", "is read as \"", "TBXark's first format"].contains { message.contains($0) }
    }
}
