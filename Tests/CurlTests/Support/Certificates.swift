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
        try await openssl(
            "pkey", "-in", path("client.key"), "-out", path("locked.key"), "-aes256", "-passout", "pass:p4ss")
        let both = try ["client.pem", "client.key"].map { try Data(contentsOf: URL(filePath: path($0))) }
        try both.reduce(Data(), +).write(to: URL(filePath: path("client-both.pem")))
        try Data("no certificate".utf8).write(to: URL(filePath: path("broken.pem")))
    }

    /// The path of one of them: `ca.pem`, `server.key`.
    func path(_ name: String) -> String {
        directory.appending(component: name).path
    }

    private func authority(_ name: String) async throws {
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", path("\(name).key"), "-out", path("\(name).pem"), "-days", "2", "-subj", "/CN=\(name)")
    }

    private func sign(_ name: String, names: String) async throws {
        try await openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", path("\(name).key"), "-out", path("\(name).csr"), "-subj", "/CN=\(name)")
        try Data("subjectAltName=\(names)\n".utf8).write(to: URL(filePath: path("\(name).ext")))
        try await openssl(
            "x509", "-req", "-in", path("\(name).csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
            "-CAcreateserial", "-out", path("\(name).pem"), "-days", "2", "-extfile", path("\(name).ext"))
    }

    private func openssl(_ arguments: String...) async throws {
        try await Program.run(["openssl"] + arguments)
    }
}
