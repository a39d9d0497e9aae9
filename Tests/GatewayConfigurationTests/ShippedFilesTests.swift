import Foundation
import GatewayConfiguration
import Testing

@Suite("The configuration files that come with the project")
struct ShippedFilesTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("config.json decodes without a remark, needs no variable, and listens on this machine only")
    func defaultFile() throws {
        let path = Self.root.appending(path: "config/config.json").path()
        let (configuration, diagnostics) = try Configuration.load(path: path, environment: [:])
        #expect(diagnostics == [])
        #expect(configuration.front.addresses == [.standard])
        #expect(configuration.servers.map(\.name) == ["gateway", "fetch", "time", "filesystem"])
        #expect(configuration.servers.first?.kind == .builtin("gateway"))
        let commands = configuration.servers.dropFirst().map { server in
            if case .process(let process) = server.kind { process.command } else { "" }
        }
        #expect(commands == ["uvx", "uvx", "npx"])
    }

    @Test("linuxserver.example.json decodes without a remark, and every server in it asks for a token")
    func exampleForTheNetwork() throws {
        let path = Self.root.appending(path: "config/linuxserver.example.json").path()
        let environment = ["MCP_GATEWAY_TOKEN": "shared", "GITHUB_TOKEN": "github"]
        let (configuration, diagnostics) = try Configuration.load(path: path, environment: environment)
        #expect(diagnostics == [])
        #expect(configuration.front.addresses == [.tcp(host: nil, port: 9090)])
        #expect(configuration.front.corsOrigins == ["http://linuxserver.lan:*"])
        #expect(configuration.servers.allSatisfy { $0.options.authTokens == ["shared"] })
    }

    @Test("every key in the reference is a key of the decoder, and the other way round")
    func referenceIsComplete() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let documented = Set(page.split(separator: "\n").compactMap(Self.keyOfRow))
        #expect(documented == Set(KnownKeys.all))
    }

    /// The key in a table row that begins with "| `key` |".
    private static func keyOfRow(_ line: Substring) -> String? {
        guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
        return String(line[line.index(line.startIndex, offsetBy: 3)..<end])
    }
}
