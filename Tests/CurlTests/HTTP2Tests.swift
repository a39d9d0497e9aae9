import Curl
import NIOCore
import Testing

/// HTTP/2, against Node's server.
@Suite(
    "HTTP/2", .enabled(if: Program.isInstalled("node"), "node is not installed"), .timeLimit(.minutes(2))
) struct HTTP2Tests {
    private let certificates: Certificates

    init() async throws {
        certificates = try await Certificates.shared.value
    }

    private func withServer(
        _ body: (ClientUnderTest, (HTTPRequest.Method, String, String?) throws -> HTTPRequest) async throws -> Void
    ) async throws {
        let server = try await Program([
            "node", Program.server("http2_server.mjs"), certificates.path("server.pem"),
            certificates.path("server.key"),
        ])
        let client = try ClientUnderTest()
        let origin = "https://localhost:\(server.firstLine)"
        let tls = TLSSettings(caFile: certificates.path("ca.pem"))
        try await body(client) { method, path, body in
            HTTPRequest(
                method, try HTTPURL(origin + path), body: body.map { ByteBuffer(string: $0) }, tls: tls,
                window: 64 * 1024)
        }
        client.shutdown()
    }

    @Test("it is used where the server has it, with one connection for requests one after the other")
    func version() async throws {
        try await withServer { client, request in
            for method in [HTTPRequest.Method.post, .get, .delete] {
                let outcome = await client.start(try request(method, "/version", method == .post ? "{}" : nil))
                    .outcome()
                #expect(outcome.failure == nil)
                #expect(outcome.head?.status == 200)
                #expect(outcome.head?.first("x-method") == method.rawValue)
                #expect(outcome.text == "2.0 1 \(method == .post ? "{}" : "")")
            }
        }
    }

    @Test("a paused stream stops no other transfer, and comes whole in the end")
    func backPressure() async throws {
        let size = 8_000_000
        try await withServer { client, request in
            let big = client.start(try request(.get, "/big?\(size)", nil))
            _ = try await big.head()
            var taken = 0
            while taken < 64 * 1024 { taken += try await big.body().readableBytes }
            for _ in 1...10 {
                let other = await client.start(try request(.post, "/version", "{}")).outcome()
                #expect(other.text == "2.0 2 {}")
            }
            big.transfer?.consumed(taken)
            let outcome = await big.outcome()
            #expect(outcome.failure == nil)
            #expect(taken + outcome.body.readableBytes == size)
        }
    }

    @Test("a stream of events is open beside other requests, and closed by cancelling")
    func events() async throws {
        try await withServer { client, request in
            let stream = client.start(try request(.get, "/stream", nil))
            _ = try await stream.head()
            #expect(try await stream.text(12) == "data: open\n\n")
            let one = await client.start(try request(.post, "/event", "")).outcome()
            #expect(one.text == "1")
            #expect(try await stream.text(13) == "data: event\n\n")
            stream.transfer?.cancel()
            #expect(await stream.outcome().failure?.kind == .cancelled)
            while await client.start(try request(.post, "/event", "")).outcome().text != "0" {}
        }
    }

    @Test("an answer that the server breaks off")
    func reset() async throws {
        try await withServer { client, request in
            let outcome = await client.start(try request(.get, "/reset", nil)).outcome()
            #expect(outcome.text == "half")
            #expect(outcome.failure?.kind == .unreachable)
            #expect(outcome.failure?.wasSent == true)
        }
    }
}
