import Foundation
import Testing

@testable import GatewayConfiguration

@Suite("Files that a configuration refers to")
final class ReferencedFilesTests {
    private let folder = NSTemporaryDirectory() + "referenced-\(UUID().uuidString)/"

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder + name))
    }

    private func load(_ server: String) throws -> (kind: ServerConfiguration.Kind?, diagnostics: [Diagnostic]) {
        try write("config.json", "{\"mcpProxy\": {}, \"mcpServers\": {\"a\": \(server)}}")
        let loaded = try Configuration.load(path: folder + "config.json", environment: [:])
        return (loaded.configuration.servers.first?.kind, loaded.diagnostics)
    }

    @Test("relative paths begin in the directory of the configuration file")
    func relative() throws {
        try write("a.env", "KEY=from file\n")
        try write("token", "s3cr3t\n")
        let (kind, diagnostics) = try load(#"{"command": "a", "args": ["${file:token}"], "envFile": "a.env"}"#)
        #expect(diagnostics == [])
        #expect(
            kind
                == .process(
                    ProcessConfiguration(command: "a", arguments: ["s3cr3t"], environment: ["KEY": "from file"])))
    }

    @Test("a mistake in an envFile is reported in that file, by its path, line and column")
    func place() throws {
        try write("a.env", "\nKEY\n")
        let (kind, diagnostics) = try load(#"{"command": "a", "envFile": "a.env"}"#)
        #expect(diagnostics.map(\.location) == ["\(folder)a.env:2:4"])
        guard case .invalid(let reason) = kind else {
            Issue.record("not invalid")
            return
        }
        #expect(reason.hasPrefix("\(folder)a.env:2:4: "))
    }

    @Test("a pipe that nobody writes to, and a directory, are refused instead of waited for")
    func notRegular() throws {
        try #require(mkfifo(folder + "pipe", 0o600) == 0)
        for name in ["pipe", "."] {
            let (_, diagnostics) = try load("{\"command\": \"a\", \"envFile\": \"\(name)\"}")
            #expect(
                diagnostics.map(\.message) == [
                    "mcpServers.a.envFile needs the file \"\(name)\", which is a directory or a device; name a plain file"
                ])
        }
    }

    @Test("a file of 64 KiB is read, one byte more is not")
    func size() throws {
        try write("token", String(repeating: "x", count: 64 << 10))
        #expect(try load(#"{"command": "${file:token}"}"#).diagnostics == [])
        try write("token", String(repeating: "x", count: 64 << 10 + 1))
        let (_, diagnostics) = try load(#"{"command": "${file:token}"}"#)
        #expect(
            diagnostics.map(\.message) == [
                "mcpServers.a.command needs the file \"token\", which is larger than 64 KiB; is it the right one?"
            ])
    }

    @Test("all files together may have 4 MiB, the same one counted as often as it is named")
    func total() throws {
        try write("token", String(repeating: "x", count: 64 << 10))
        func arguments(_ count: Int) -> String {
            "[" + Array(repeating: "\"${file:token}\"", count: count).joined(separator: ", ") + "]"
        }
        #expect(try load("{\"command\": \"a\", \"args\": \(arguments(64))}").diagnostics == [])
        let (_, diagnostics) = try load("{\"command\": \"a\", \"args\": \(arguments(65))}")
        #expect(
            diagnostics.map(\.message) == [
                "mcpServers.a.args[64] needs the file \"token\", which is one too many: such files may have 4 MiB together; "
                    + "refer to fewer"
            ])
    }

    @Test("a credential is read from the directory that the service manager names")
    func credential() throws {
        try write("token", "s3cr3t\n")
        try write("config.json", #"{"mcpProxy": {}, "mcpServers": {"a": {"command": "${credential:token}"}}}"#)
        let environment = ["CREDENTIALS_DIRECTORY": String(folder.dropLast())]
        let (configuration, diagnostics) = try Configuration.load(
            path: folder + "config.json", environment: environment)
        #expect(diagnostics == [])
        #expect(configuration.servers.first?.kind == .process(ProcessConfiguration(command: "s3cr3t")))
    }

    @Test(
        "without a directory of credentials, a reference to one is a mistake",
        arguments: [[:], ["CREDENTIALS_DIRECTORY": ""]])
    func noCredentials(environment: [String: String]) throws {
        let text = #"{"mcpProxy": {}, "mcpServers": {"a": {"command": "${credential:token}"}}}"#
        let (_, diagnostics) = try Configuration.decode(
            text: text, fileName: "x.json", environment: environment, files: .system)
        #expect(
            diagnostics.map(\.message) == [
                "mcpServers.a.command needs the credential \"token\", which is not there: systemd has given none "
                    + "(CREDENTIALS_DIRECTORY is not set); write LoadCredential=NAME:/path/of/its/file with its name into "
                    + "the service's unit"
            ])
    }

    @Test("without access to files, a reference to one is a mistake")
    func noAccess() throws {
        let text = #"{"mcpProxy": {}, "mcpServers": {"a": {"command": "${file:/etc/hostname}"}}}"#
        let (_, diagnostics) = try Configuration.decode(text: text, fileName: "x.json", environment: [:])
        #expect(
            diagnostics.map(\.message) == [
                "mcpServers.a.command needs the file \"/etc/hostname\", which cannot be read here; decode the configuration "
                    + "where its files are"
            ])
    }
}
