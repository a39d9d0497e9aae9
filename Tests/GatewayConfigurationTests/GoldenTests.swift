import Foundation
import GatewayConfiguration
import Testing

/// Each `Golden/NAME.json` decodes to what `Golden/NAME.expected` says: the diagnostics as they are printed, a line of
/// dashes, and the decoded value or `refused`. With `UPDATE_GOLDEN=1` in the environment the expectations are rewritten,
/// and the test fails so that nobody takes that for a pass.
@Suite("Golden configuration files")
struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    static let environment = [
        "HOME": "/home/ada", "API_KEY": "s3cr3t-from-environment", "EMPTY": "", "PORT": "8080",
        "CREDENTIALS_DIRECTORY": "/run/credentials/mcp-gateway.service",
    ]

    static var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    @Test("there are golden files to compare with")
    func filesAreFound() {
        #expect(Self.names.count >= 100)
    }

    @Test("a file yields the expected diagnostics and value", arguments: names)
    func matches(name: String) throws {
        let source = try [UInt8](Data(contentsOf: Self.folder.appending(path: "\(name).json")))
        let expectation = Self.folder.appending(path: "\(name).expected")
        let actual = Self.outcome(of: source, fileName: "\(name).json")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(actual.utf8).write(to: expectation)
            Issue.record("rewrote \(name).expected")
        }
        #expect(try String(decoding: Data(contentsOf: expectation), as: UTF8.self) == actual)
    }

    /// Every secret in the golden files, and in their environment, holds this word.
    @Test("no diagnostic and no reason holds a token, a header or an environment value", arguments: names)
    func keepsSecrets(name: String) throws {
        let source = try [UInt8](Data(contentsOf: Self.folder.appending(path: "\(name).json")))
        let (configuration, diagnostics) = Self.decode(source, fileName: "\(name).json")
        #expect(!diagnostics.report.contains("s3cr3t"))
        for case .invalid(let reason) in (configuration?.servers ?? []).map(\.kind) {
            #expect(!reason.contains("s3cr3t"))
        }
    }

    static func decode(
        _ source: [UInt8], fileName: String
    ) -> (configuration: Configuration?, diagnostics: [Diagnostic]) {
        do {
            let decoded = try Configuration.decode(
                bytes: source, fileName: fileName, environment: environment, files: GoldenFiles.reader)
            return (decoded.configuration, decoded.diagnostics)
        } catch {
            return (nil, error.diagnostics)
        }
    }

    private static func outcome(of source: [UInt8], fileName: String) -> String {
        let (configuration, diagnostics) = decode(source, fileName: fileName)
        let lines = diagnostics.map(\.description) + ["---"] + (configuration.map(dump) ?? ["refused"])
        return lines.map { $0 + "\n" }.joined()
    }
}
