import Curl
import NIOCore
import Synchronization
import TestHTTP
import Testing

/// A client whose receivers are watched: when it is shut down, every one of them must have had its one end.
final class ClientUnderTest: Sendable {
    let client: HTTPClient
    private let receivers = Mutex<[Receiver]>([])

    init() throws {
        client = try HTTPClient()
    }

    /// Starts a request. `onEvent` is called with each event first, on the thread of the client.
    func start(
        _ request: HTTPRequest, onEvent: (@Sendable (TransferEvent) -> Void)? = nil
    ) -> Receiver {
        let receiver = Receiver()
        receivers.withLock { $0.append(receiver) }
        receiver.started(
            client.start(request) { event in
                onEvent?(event)
                receiver.take(event)
            })
        return receiver
    }

    /// Sends a request and waits for all of its answer.
    func send(
        _ method: HTTPRequest.Method = .get, _ url: String, headers: [HTTPField] = [], body: String? = nil,
        adjust: (inout HTTPRequest) -> Void = { _ in }
    ) async throws -> Receiver.Outcome {
        try await begin(method, url, headers: headers, body: body, adjust: adjust).outcome()
    }

    /// Sends a request.
    func begin(
        _ method: HTTPRequest.Method = .get, _ url: String, headers: [HTTPField] = [], body: String? = nil,
        adjust: (inout HTTPRequest) -> Void = { _ in }
    ) throws -> Receiver {
        var request = HTTPRequest(
            method, try HTTPURL(url), headers: headers, body: body.map { ByteBuffer(string: $0) })
        adjust(&request)
        return start(request)
    }

    func shutdown() {
        client.shutdown()
        for receiver in receivers.withLock({ $0 }) { #expect(receiver.violations == []) }
    }
}

/// Runs a test with a client and a server, and ends both.
func withClientAndServer(
    handler: (@Sendable (TestHTTPExchange) -> Void)? = nil,
    _ body: (ClientUnderTest, TestHTTPServer) async throws -> Void
) async throws {
    let server = try await TestHTTPServer.start(handler: handler)
    let client = try ClientUnderTest()
    do {
        try await body(client, server)
    } catch {
        client.shutdown()
        await server.stop()
        throw error
    }
    client.shutdown()
    await server.stop()
}
