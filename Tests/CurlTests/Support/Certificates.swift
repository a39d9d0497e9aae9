import Foundation

/// A certificate authority of our own in a temporary directory, made by openssl(1), and what it has signed.
struct Certificates: Sendable {
    private let directory: URL

    /// Made once for all tests of a process.
    static let shared = Task { try await Certificates() }

    private init() async throws {
        directory = FileManager.default.temporaryDirectory
            .appending(component: "mcp-gateway-curl-\(getpid())-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try await authority("ca")
        try await authority("other-ca")
        try await sign("server", names: "DNS:localhost,IP:127.0.0.1")
        try await sign("elsewhere", names: "DNS:elsewhere.example")
        try await sign("client", names: "DNS:client.example")
        let both = try ["client.pem", "client.key"].map { try Data(contentsOf: directory.appending(component: $0)) }
        try both.reduce(Data(), +).write(to: directory.appending(component: "client-both.pem"))
        try await Program.run(
            ["openssl", "pkey", "-in", "client.key", "-out", "locked.key", "-aes256", "-passout", "pass:p4ss"],
            in: directory)
        try Data("no certificate".utf8).write(to: directory.appending(component: "broken.pem"))
    }

    /// The path of one of them: `ca.pem`, `server.key`.
    func path(_ name: String) -> String {
        directory.appending(component: name).path
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    private func authority(_ name: String) async throws {
        try await Program.run(
            ["openssl", "req", "-x509"] + Self.newKey + [
                "-keyout", "\(name).key", "-out", "\(name).pem", "-days", "2", "-subj", "/CN=\(name)",
            ], in: directory)
    }

    private func sign(_ name: String, names: String) async throws {
        try await Program.run(
            ["openssl", "req"] + Self.newKey + [
                "-keyout", "\(name).key", "-out", "\(name).csr", "-subj", "/CN=\(name)",
            ], in: directory)
        try Data("subjectAltName=\(names)\n".utf8).write(to: directory.appending(component: "\(name).ext"))
        try await Program.run(
            [
                "openssl", "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-out", "\(name).pem", "-days", "2", "-extfile", "\(name).ext",
            ], in: directory)
    }
}
