import JSONRPC
import NIOCore
import Testing

@testable import Downstream

@Suite("tools over plain HTTP", .timeLimit(.minutes(1)))
struct OpenAPIEndpointTests {
    private static func settings(_ place: OpenAPISettings.Place = .below) -> FrontSettings {
        var settings = TestGateway.patient
        settings.openAPI = OpenAPISettings(place)
        settings.servesServers = place == .below
        return settings
    }

    private static let json = ["Content-Type": "application/json"]

    /// A server whose pages of tools never end, each with `count` tools of so many bytes.
    private static func endless(count: Int, bytes: Int) -> @Sendable (Message) -> String? {
        let description = String(repeating: "x", count: bytes)
        return { message in
            guard message.isMethod("tools/list") else { return TestGateway.answer(message) }
            let cursor = message.params.flatMap { JSONOutline.value(of: "cursor", in: $0) }.flatMap(JSONOutline.string)
            let page = Int(cursor ?? "0") ?? 0
            let tools = (0..<count).map { #"{"name":"t\#(page)_\#($0)","description":"\#(description)"}"# }
            return """
                {"jsonrpc":"2.0","id":\(message.idText),\
                "result":{"tools":[\(tools.joined(separator: ","))],"nextCursor":"\(page + 1)"}}
                """
        }
    }

    private static func paths(in response: TestConnection.Response) -> Int {
        response.body.split(separator: "\"operationId\"").count - 1
    }

    @Test("pages of tools without an end are read so far and no further")
    func endless() async throws {
        try await TestGateway.run(settings: Self.settings(), answer: Self.endless(count: 1, bytes: 10)) { gateway in
            let response = try await gateway.exchange("GET", "/openapi/fetch/openapi.json")
            #expect(response.status == 200 && Self.paths(in: response) == ToolGathering.pageLimit)
        }
    }

    @Test("so many bytes of tools are read and no more")
    func tooLong() async throws {
        let limit = ToolGathering.byteLimit
        try await TestGateway.run(settings: Self.settings(), answer: Self.endless(count: 4, bytes: limit / 10)) {
            gateway in
            let response = try await gateway.exchange("GET", "/openapi/fetch/openapi.json")
            #expect(response.status == 200 && Self.paths(in: response) == 9)
        }
    }

    @Test("a call is sent with its arguments as they came, and answered; none needs a body")
    func calls() async throws {
        try await TestGateway.run(settings: Self.settings()) { gateway in
            let upstream = try await gateway.upstream()
            let body = "{ \"a\":1.50,\"a\":2 }"
            let response = try await gateway.exchange("POST", "/openapi/fetch/a%2Fb", Self.json, body: body)
            #expect(response.status == 200 && response.body == "[]")
            let call = try await upstream.next("tools/call")
            #expect(call.paramsName == "a/b")
            #expect(call.params.map { String(buffer: $0) } == #"{"name":"a/b","arguments":\#(body)}"#)
            let bare = try await gateway.exchange("POST", "/openapi/fetch/x")
            #expect(bare.status == 200)
            let empty = try await upstream.next("tools/call")
            #expect(empty.params.map { String(buffer: $0) } == #"{"name":"x","arguments":{}}"#)
        }
    }

    @Test("a client that goes away cancels its call; one whose tools are being asked for is forgotten")
    func gone() async throws {
        try await TestGateway.run(settings: Self.settings()) { gateway in
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/openapi/fetch/hold", Self.json, body: "{}")
            let call = try await upstream.next("tools/call")
            try await connection.close()
            let cancelled = try await upstream.next("notifications/cancelled")
            #expect(cancelled.cancelledRequestID == call.id)
        }
    }

    @Test("a body without a type is refused, whoever announces it or not")
    func types() async throws {
        try await TestGateway.run(settings: Self.settings()) { gateway in
            for headers in [[:], ["Content-Type": "text/plain"]] {
                let response = try await gateway.exchange("POST", "/openapi/fetch/x", headers, body: "{}")
                #expect(response.status == 415 && response.body.hasPrefix(#"{"detail":"#))
            }
            let connection = try await gateway.connect()
            try await connection.send(
                "POST /openapi/fetch/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
            )
            let chunked = try await connection.response()
            #expect(chunked.status == 415)
        }
    }

    @Test("where nothing else is served, MCP is not, and tools are at the root")
    func everywhere() async throws {
        try await TestGateway.run(settings: Self.settings(.everywhere)) { gateway in
            let call = try await gateway.exchange("POST", "/fetch/x", Self.json, body: "{}")
            #expect(call.status == 200)
            let stream = try await gateway.exchange("GET", "/fetch/sse", ["Accept": "text/event-stream"])
            #expect(stream.status == 405)
            for (method, path, status) in [
                ("GET", "/livez", 200), ("GET", "/openapi/fetch/docs", 404), ("HEAD", "/fetch/docs", 200),
            ] {
                let response = try await gateway.exchange(method, path)
                #expect(response.status == status, "\(path)")
            }
            let root = try await gateway.exchange("GET", "/openapi.json")
            #expect(root.body.contains("[fetch](/fetch/docs)") && root.body.contains(#""paths":{}"#))
        }
        try await TestGateway.run { gateway in
            let response = try await gateway.exchange("GET", "/openapi/fetch/docs")
            #expect(response.status == 404)
        }
    }

    @Test("refusals are in the form of FastAPI, whatever refuses")
    func refusals() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["k"])], settings: Self.settings()) { gateway in
            for (method, path, headers, status) in [
                ("GET", "/openapi/none/docs", [:], 404), ("POST", "/openapi/fetch/x", [:], 401),
                ("POST", "/openapi/fetch/x", ["Authorization": "Bearer l"], 403),
                ("GET", "/openapi/fetch/x", ["Authorization": "Bearer k"], 405),
                ("GET", "/openapi", [:], 401), ("GET", "/openapi", ["Authorization": "Bearer k"], 200),
                ("POST", "/openapi", ["Authorization": "Bearer k"], 405),
                ("GET", "/openapi/fetch/docs", ["Host": "evil.example"], 421),
                ("GET", "/openapi/fetch/docs", ["Origin": "http://evil.example"], 403),
            ] as [(String, String, [String: String], Int)] {
                let response = try await gateway.exchange(method, path, headers)
                #expect(response.status == status, "\(method) \(path)")
                #expect(status == 200 || response.body.hasPrefix(#"{"detail":""#))
            }
        }
    }
}
