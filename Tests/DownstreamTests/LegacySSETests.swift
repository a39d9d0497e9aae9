import Downstream
import GatewayCore
import JSONRPC
import Supervision
import TestSupport
import Testing

@Suite("legacy HTTP+SSE", .timeLimit(.minutes(1)))
struct LegacySSETests {
    @Test("[16] the first event is endpoint, a relative path, and the head forbids buffering")
    func endpoint() async throws {
        try await TestGateway.run([.init(name: "team/fetch")]) { gateway in
            let connection = try await gateway.connect()
            try await connection.request("GET", "/team/fetch/sse/", ["Accept": "text/event-stream"])
            let head = try await connection.head()
            #expect(head.status == 200)
            #expect(head.headers["content-type"] == "text/event-stream")
            #expect(head.headers["cache-control"] == "no-cache, no-transform")
            #expect(head.headers["x-accel-buffering"] == "no")
            let event = try await connection.event() ?? ""
            let start = "event: endpoint\ndata: /team/fetch/message?sessionId="
            #expect(event.hasPrefix(start))
            let id = event.dropFirst(start.count)
            #expect(id.utf8.count >= 32)
            #expect(id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        }
    }

    @Test("[16] the endpoint keeps the public prefix under which the client came")
    func prefix() async throws {
        var settings = TestGateway.patient
        settings.publicAddress = PublicAddress(baseURL: "https://mcp.example.lan/tools/")
        try await TestGateway.run(settings: settings) { gateway in
            #expect(try await gateway.stream("/tools/fetch/sse").endpoint.hasPrefix("/tools/fetch/message?"))
            #expect(try await gateway.stream("/fetch/sse").endpoint.hasPrefix("/fetch/message?"))
            // A proxy that took the prefix off leaves the public name.
            let proxied = try await gateway.stream("/fetch/sse", ["Host": "mcp.example.lan"])
            #expect(proxied.endpoint.hasPrefix("/tools/fetch/message?"))
            let answer = try await gateway.exchange(
                "POST", proxied.endpoint, TestGateway.json, body: TestGateway.initialize)
            #expect(answer.status == 202)
        }
    }

    @Test("[17] [18] a POST is acknowledged with 202, and its answer is one message event")
    func message() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            let accepted = try await gateway.exchange(
                "POST", stream.endpoint, TestGateway.json, body: TestGateway.initialize)
            #expect(accepted.status == 202)
            #expect(accepted.body == "Accepted")
            let event = try await stream.connection.event() ?? ""
            #expect(event.hasPrefix("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{"))
            #expect(event.split(separator: "\n").count == 2)
        }
    }

    @Test("[18] the 202 does not wait for the answer")
    func acknowledgement() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            let upstream = try await gateway.upstream()
            let accepted = try await gateway.exchange(
                "POST", stream.endpoint, TestGateway.json, body: TestGateway.call("hold", id: #""a""#))
            #expect(accepted.status == 202)
            let held = try await upstream.next("tools/call")
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{"late":1}}"#)
            #expect(try await stream.connection.message() == #"{"jsonrpc":"2.0","id":"a","result":{"late":1}}"#)
        }
    }

    @Test("[19] a missing or malformed session is 400, an unknown one or one that has ended 404")
    func sessions() async throws {
        try await TestGateway.run { gateway in
            func post(_ path: String) async throws -> Int {
                try await gateway.exchange("POST", path, TestGateway.json, body: TestGateway.initialize).status
            }
            #expect(try await post("/fetch/message") == 400)
            #expect(try await post("/fetch/message?sessionId=") == 400)
            #expect(try await post("/fetch/message?sessionId=a%20b") == 400)
            #expect(try await post("/fetch/message?sessionId=unknown") == 404)
            #expect(try await post("/fetch/message?session_id=unknown") == 404)
            let stream = try await gateway.stream()
            #expect(try await post(stream.endpoint) == 202)
            let id = stream.endpoint.drop { $0 != "=" }
            #expect(try await post("/fetch/message?session_id\(id)") == 202)
            try await stream.connection.close()
            while await gateway.gateway.status().sessions > 0 {}
            #expect(try await post(stream.endpoint) == 404)
        }
    }

    @Test("[19] a session is known on its own route and transport only")
    func otherRoute() async throws {
        try await TestGateway.run([.init(name: "fetch"), .init(name: "time")]) { gateway in
            let stream = try await gateway.stream()
            let id = String(stream.endpoint.drop { $0 != "=" }.dropFirst())
            let body = TestGateway.initialize
            let other = try await gateway.exchange(
                "POST", "/time/message?sessionId=\(id)", TestGateway.json, body: body)
            #expect(other.status == 404)
            let session = try await gateway.session()["Mcp-Session-Id"] ?? ""
            let streamable = try await gateway.exchange(
                "POST", "/fetch/message?sessionId=\(session)", TestGateway.json, body: body)
            #expect(streamable.status == 404)
            for method in ["GET", "DELETE", "POST"] {
                let response = try await gateway.exchange(
                    method, "/fetch/mcp", TestGateway.json.merging(["Mcp-Session-Id": id]) { $1 },
                    body: method == "POST" ? TestGateway.call("echo", id: "1") : nil)
                #expect(response.status == 404)
            }
        }
    }

    @Test("[20] POST to /sse and GET to /message are 405 with Allow")
    func methods() async throws {
        try await TestGateway.run { gateway in
            let post = try await gateway.exchange("POST", "/fetch/sse", TestGateway.json, body: TestGateway.initialize)
            #expect(post.status == 405)
            #expect(post.headers["allow"] == "GET")
            let get = try await gateway.exchange("GET", "/fetch/message?sessionId=x")
            #expect(get.status == 405)
            #expect(get.headers["allow"] == "POST")
        }
    }

    @Test("a GET that takes no event stream is 406; one that takes anything is served")
    func accept() async throws {
        try await TestGateway.run { gateway in
            #expect(try await gateway.exchange("GET", "/fetch/sse", ["Accept": "text/html"]).status == 406)
            for accept in ["*/*", "text/event-stream;q=0.5"] {
                let connection = try await gateway.connect()
                try await connection.request("GET", "/fetch/sse", ["Accept": accept])
                #expect(try await connection.head().status == 200)
            }
        }
    }

    @Test("[21] a silent stream gets comments and nothing else")
    func keepAlive() async throws {
        var settings = TestGateway.patient
        settings.keepAliveInterval = .milliseconds(10)
        try await TestGateway.run(settings: settings) { gateway in
            let stream = try await gateway.stream()
            for _ in 1...3 { #expect(try await stream.connection.event() == ": ping") }
        }
    }

    @Test("[22] dropping the stream, or half of it, ends the session and cancels its calls", arguments: [false, true])
    func disconnect(_ halfway: Bool) async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            let upstream = try await gateway.upstream()
            _ = try await gateway.exchange(
                "POST", stream.endpoint, TestGateway.json, body: TestGateway.call("hold", id: "7"))
            let held = try await upstream.next("tools/call")
            try await stream.connection.close(halfway: halfway)
            let cancelled = try await upstream.next("notifications/cancelled")
            #expect(cancelled.cancelledRequestID?.json == held.id?.json)
            #expect(await gateway.gateway.status().sessions == 0)
        }
    }

    @Test("a client that does not read its stream loses it, and the session with it")
    func slowReader() async throws {
        var settings = TestGateway.patient
        settings.streamQueueBytes = 100_000
        try await TestGateway.run(settings: settings) { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            try await stream.connection.stopReading()
            let poster = try await gateway.connect()
            let long = String(repeating: "x", count: 90_000)
            var status = 202
            while status == 202 {
                status = try await poster.exchange(
                    "POST", stream.endpoint, TestGateway.json, body: TestGateway.call(long, id: "1")
                ).status
            }
            #expect(status == 404)
            #expect(await gateway.gateway.status().sessions == 0)
        }
    }

    @Test("a cancelled call stays silent on the stream")
    func cancelled() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            let upstream = try await gateway.upstream()
            let post = { (body: String) in
                _ = try await gateway.exchange("POST", stream.endpoint, TestGateway.json, body: body)
            }
            try await post(TestGateway.call("hold", id: "7"))
            _ = try await upstream.next("tools/call")
            try await post(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#)
            try await post(#"{"jsonrpc":"2.0","id":8,"method":"ping"}"#)
            #expect(try await stream.connection.message() == #"{"jsonrpc":"2.0","id":8,"result":{}}"#)
        }
    }

    @Test("[25] a session of another principal is 404")
    func otherPrincipal() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["a", "b"])]) { gateway in
            let stream = try await gateway.stream("/fetch/sse", ["Authorization": "Bearer a"])
            for (token, status) in [("b", 404), ("a", 202)] {
                let response = try await gateway.exchange(
                    "POST", stream.endpoint, TestGateway.json.merging(["Authorization": "Bearer \(token)"]) { $1 },
                    body: TestGateway.initialize)
                #expect(response.status == status)
            }
        }
    }

    @Test("a server that cannot start answers with an error on the stream, which stays open")
    func unavailable() async throws {
        try await TestGateway.run([.init(name: "off", isDisabled: true)]) { gateway in
            let stream = try await gateway.stream("/off/sse")
            for _ in 1...2 {
                let accepted = try await gateway.exchange(
                    "POST", stream.endpoint, TestGateway.json, body: TestGateway.initialize)
                #expect(accepted.status == 202)
                let message = try await stream.connection.message() ?? ""
                #expect(message.contains(#""id":0,"error":{"code":-32603"#))
                #expect(message.contains("off"))
            }
        }
    }

    @Test("300 answers at once arrive on one stream, none lost")
    func burst() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            let poster = try await gateway.connect()
            for id in 1...300 {
                try await poster.request(
                    "POST", stream.endpoint, TestGateway.json, body: TestGateway.call("echo", id: "\(id)"))
            }
            for _ in 1...300 { #expect(try await poster.response().status == 202) }
            var ids: Set<Int> = []
            for _ in 1...300 {
                let message = try await stream.connection.message() ?? ""
                let digits = message.dropFirst(#"{"jsonrpc":"2.0","id":"#.count).prefix { $0.isNumber }
                ids.insert(Int(digits) ?? 0)
            }
            #expect(ids == Set(1...300))
        }
    }

    @Test("too many sessions are 503 with Retry-After")
    func sessionLimit() async throws {
        try await TestGateway.run(limits: .init(sessions: 1)) { gateway in
            let stream = try await gateway.stream()
            let response = try await gateway.exchange("GET", "/fetch/sse", ["Accept": "text/event-stream"])
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] != nil)
            try await stream.connection.close()
        }
    }
}
