import Curl
import Testing

/// TLS with an authority of our own. The server is Python's, the certificates are made by openssl(1).
@Suite("TLS", .timeLimit(.minutes(2))) struct TLSTests {
    private let certificates: Certificates

    init() async throws {
        certificates = try await Certificates.shared.value
    }

    private func server(_ name: String = "server", _ options: [String] = []) async throws -> Program {
        try await Program(
            [
                "python3", Program.server("tls_server.py"), "--certificate", certificates.path("\(name).pem"),
                "--key", certificates.path("\(name).key"),
            ] + options)
    }

    private func send(
        _ client: ClientUnderTest, to server: Program, host: String = "localhost", _ tls: TLSSettings
    ) async throws -> Receiver.Outcome {
        try await client.send(.get, "https://\(host):\(server.firstLine)/") { $0.tls = tls }
    }

    @Test("a server is trusted by its authority only", arguments: ["localhost", "127.0.0.1"])
    func authority(host: String) async throws {
        let server = try await server()
        let client = try ClientUnderTest()
        let trusting = try await send(client, to: server, host: host, TLSSettings(caFile: certificates.path("ca.pem")))
        #expect(trusting.failure == nil)
        #expect(trusting.head?.status == 200)
        for caFile in [nil, certificates.path("other-ca.pem")] {
            let outcome = try await send(client, to: server, host: host, TLSSettings(caFile: caFile))
            #expect(outcome.failure?.kind == .tls)
            #expect(outcome.failure?.wasSent == false)
            #expect(outcome.failure?.description == "SSL certificate problem: unable to get local issuer certificate")
        }
        client.shutdown()
    }

    @Test("a certificate for another name is refused, and insecure takes anything")
    func name() async throws {
        let server = try await server("elsewhere")
        let client = try ClientUnderTest()
        let caFile = certificates.path("ca.pem")
        let outcome = try await send(client, to: server, TLSSettings(caFile: caFile))
        #expect(outcome.failure?.kind == .tls)
        #expect(outcome.failure?.wasSent == false)
        let insecure = try await send(client, to: server, TLSSettings(isInsecure: true))
        #expect(insecure.failure == nil)
        // Not over the connection that was good enough for the one before.
        let again = try await send(client, to: server, TLSSettings(caFile: caFile))
        #expect(again.failure?.kind == .tls)
        client.shutdown()
    }

    @Test("a client certificate is shown where it is given, with its key beside it or in the same file")
    func clientCertificate() async throws {
        let server = try await server("server", ["--client-ca", certificates.path("ca.pem")])
        let client = try ClientUnderTest()
        var tls = TLSSettings(caFile: certificates.path("ca.pem"))
        tls.certificateFile = certificates.path("client.pem")
        tls.keyFile = certificates.path("client.key")
        #expect(try await send(client, to: server, tls).text.hasSuffix(" client"))
        tls.certificateFile = certificates.path("client-both.pem")
        tls.keyFile = nil
        #expect(try await send(client, to: server, tls).text.hasSuffix(" client"))
        client.shutdown()
    }

    @Test("a server that misses a client certificate says so in the handshake")
    func missingClientCertificate() async throws {
        let server = try await server("server", ["--client-ca", certificates.path("ca.pem")])
        let client = try ClientUnderTest()
        let outcome = try await send(client, to: server, TLSSettings(caFile: certificates.path("ca.pem")))
        #expect(outcome.failure?.kind == .tls)
        #expect(outcome.failure?.wasSent == false)
        client.shutdown()
    }

    /// With TLS 1.3 the handshake is over for the client before the server has judged it (RFC 8446 §4.4.2.4).
    @Test("or after it, when the request may be there already")
    func missingClientCertificateLater() async throws {
        let server = try await server("server", ["--client-ca", certificates.path("ca.pem"), "--tls13"])
        let client = try ClientUnderTest()
        let outcome = try await send(client, to: server, TLSSettings(caFile: certificates.path("ca.pem")))
        // A reset of the connection can overtake what the server says.
        #expect([.tls, .unreachable].contains(outcome.failure?.kind))
        #expect(outcome.failure?.wasSent == true)
        client.shutdown()
    }

    @Test("files that are missing or of no use are named, and nothing is sent")
    func files() async throws {
        let server = try await server()
        let client = try ClientUnderTest()
        let ca = certificates.path("ca.pem")
        let certificate = certificates.path("client.pem")
        let broken = certificates.path("broken.pem")
        let locked = certificates.path("locked.key")
        let mistakes = [
            ("/nonexistent/ca.pem", TLSSettings(caFile: "/nonexistent/ca.pem")),
            (broken, TLSSettings(caFile: broken)),
            ("/nonexistent/client.pem", TLSSettings(caFile: ca, certificateFile: "/nonexistent/client.pem")),
            (broken, TLSSettings(caFile: ca, certificateFile: broken)),
            ("/nonexistent/k", TLSSettings(caFile: ca, certificateFile: certificate, keyFile: "/nonexistent/k")),
            (ca, TLSSettings(caFile: ca, certificateFile: certificate, keyFile: ca)),
            (locked, TLSSettings(caFile: ca, certificateFile: certificate, keyFile: locked)),
        ]
        for (file, tls) in mistakes {
            let failure = try await send(client, to: server, tls).failure
            #expect(failure?.kind == .tls)
            #expect(failure?.wasSent == false)
            #expect(failure?.description.contains(file) == true, "\(failure?.description ?? "")")
        }
        client.shutdown()
    }

    @Test("connections are kept as without TLS")
    func reuse() async throws {
        let server = try await server()
        let client = try ClientUnderTest()
        let tls = TLSSettings(caFile: certificates.path("ca.pem"))
        let first = try await send(client, to: server, tls).text
        let second = try await send(client, to: server, tls).text
        #expect(!first.isEmpty && first == second)
        client.shutdown()
    }
}
