import Foundation
import GatewayConfiguration
import Testing

@Suite("Reading a configuration file")
struct LoadTests {
    private func failure(path: String) -> ConfigurationFailure? {
        #expect(throws: ConfigurationFailure.self) {
            try Configuration.load(path: path, environment: [:])
        }
    }

    @Test("a file that is not there is an error that names it and says what to do")
    func missing() {
        #expect(
            failure(path: "/nonexistent/config.json")?.description
                == "/nonexistent/config.json: error: the file cannot be read (No such file or directory); "
                + "check the path, or copy config/config.json there")
    }

    @Test("a directory is not a configuration file")
    func directory() {
        let message = failure(path: NSTemporaryDirectory())?.description ?? ""
        #expect(message.contains("Is a directory") && message.contains("name the file in it"))
    }

    @Test("a file that the user may not read is an error that says so", .enabled(if: getuid() != 0))
    func unreadable() throws {
        let path = NSTemporaryDirectory() + "unreadable-\(UUID().uuidString).json"
        try #require(FileManager.default.createFile(atPath: path, contents: Data(), attributes: [.posixPermissions: 0]))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(failure(path: path)?.description.contains("Permission denied") == true)
    }

    @Test("a file beyond 4 MiB is refused without being read to its end")
    func oversized() throws {
        // Endless: a reader without a bound would never return.
        let bytes = try Configuration.read(path: "/dev/zero")
        let failure = #expect(throws: ConfigurationFailure.self) {
            try Configuration.decode(bytes: bytes, fileName: "zero", environment: [:])
        }
        #expect(failure?.description.contains("larger than 4 MiB") == true)
    }

    @Test("a pipe without a writer, or a device, is refused at once when a file is read again", .timeLimit(.minutes(1)))
    func pipe() throws {
        let path = NSTemporaryDirectory() + "pipe-\(UUID().uuidString).json"
        try #require(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        for path in [path, "/dev/zero"] {
            #expect(
                failure(path: path)?.description
                    == "\(path): error: a pipe or a device cannot be read again; put a file there, "
                    + "or restart the gateway")
        }
    }

    // Quadratic counting of columns would take hours.
    @Test("a file of just 4 MiB in one line is decoded", .timeLimit(.minutes(5)))
    func large() throws {
        let head = #"{"mcpServers": {"a": {"command": "a", "args": ["#
        let tail = "]}}}"
        let element = "\"é\", "
        let count = ((4 << 20) - head.utf8.count - tail.utf8.count) / element.utf8.count
        let text = head + String(repeating: element, count: count) + tail
        let (configuration, _) = try Configuration.decode(text: text, fileName: "large.json", environment: [:])
        guard case .process(let process) = try #require(configuration.servers.first).kind else {
            Issue.record("not a process")
            return
        }
        #expect(process.arguments.count == count)
    }

    @Test("a file full of unknown keys is answered at once, with the first hundred of them")
    func manyUnknownKeys() throws {
        let keys = (0..<100_000).map { "\"unknown-key-number-\($0)\": 0" }.joined(separator: ",")
        let text = "{\"mcpProxy\": {}, \"mcpServers\": {\"a\": {\"command\": \"a\", \(keys)}}}"
        let (configuration, diagnostics) = try Configuration.decode(
            text: text, fileName: "x.json", environment: [:])
        #expect(diagnostics.count == 101)
        #expect(diagnostics.last?.message == "more warnings follow; mend the first 100")
        #expect(configuration.servers.map(\.kind) == [.process(ProcessConfiguration(command: "a"))])
    }

    @Test("a file may hold a thousand servers and no more")
    func manyServers() throws {
        func text(_ count: Int) -> String {
            let servers = (0..<count).map { "\"s\($0)\": {\"command\": \"a\"}" }.joined(separator: ",")
            return "{\"mcpProxy\": {}, \"mcpServers\": {\(servers)}}"
        }
        let (configuration, _) = try Configuration.decode(text: text(1000), fileName: "x.json", environment: [:])
        #expect(configuration.servers.count == 1000)
        #expect(throws: ConfigurationFailure.self) {
            try Configuration.decode(text: text(1001), fileName: "x.json", environment: [:])
        }
    }
}
