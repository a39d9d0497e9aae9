import Downstream
import GatewayCore
import JSONRPC
import NIOCore
import TestSupport
import Testing

@Suite("streamable HTTP", .timeLimit(.minutes(1)))
struct StreamableTests {
    @Test("[35] initialize opens a session with an id of visible ASCII, another one each time")
    func initialize() async throws {
        try await TestGateway.run { gateway in
            var ids: Set<String> = []
            for accept in ["application/json, text/event-stream", "application/json", "*/*", "text/event-stream"] {
                let connection = try await gateway.connect()
                let response = try await connection.exchange(
                    "POST", "/fetch/mcp/", ["Content-Type": "application/json", "Accept": accept],
                    body: TestGateway.initialize)
                #expect(response.status == 200)
                #expect(response.body.contains(#""protocolVersion":"2025-06-18""#))
                let id = response.headers["mcp-session-id"] ?? ""
                #expect(id.utf8.count >= 22)
                #expect(id.utf8.allSatisfy { (0x21...0x7E).contains($0) })
                ids.insert(id)
            }
            #expect(ids.count == 4)
        }
    }

    @Test("an initialize that is refused opens no session")
    func refusedInitialize() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", TestGateway.json, body: #"{"jsonrpc":"2.0","id":0,"method":"initialize"}"#)
            #expect(response.status == 200)
            #expect(response.body.contains("-32602"))
            #expect(response.headers["mcp-session-id"] == nil)
            while await gateway.gateway.status().sessions > 0 {}
        }
    }

    @Test("initialize in a session is 400, in an unknown one 404")
    func secondInitialize() async throws {
        try await TestGateway.run { gateway in
            var headers = try await gateway.session()
            let again = try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.initialize)
            #expect(again.status == 400)
            #expect(again.body.contains("-32600"))
            headers["Mcp-Session-Id"] = "unknown"
            let unknown = try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.initialize)
            #expect(unknown.status == 404)
        }
    }

    @Test("[36] [37] without a session 400, with an unknown one 404, whatever the method")
    func sessions() async throws {
        try await TestGateway.run { gateway in
            for method in ["POST", "GET", "DELETE"] {
                let body = method == "POST" ? TestGateway.call("echo", id: "1") : nil
                let missing = try await gateway.exchange(method, "/fetch/mcp", TestGateway.json, body: body)
                #expect(missing.status == 400)
                for id in ["unknown", "a b", String(repeating: "x", count: 1000)] {
                    let unknown = try await gateway.exchange(
                        method, "/fetch/mcp", TestGateway.json.merging(["Mcp-Session-Id": id]) { $1 }, body: body)
                    #expect(unknown.status == 404)
                }
            }
        }
    }

    @Test("[38] [37] DELETE ends the session, its streams and its calls; afterwards it is 404")
    func delete() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let listener = try await gateway.connect()
            try await listener.request("GET", "/fetch/mcp", headers)
            #expect(try await listener.head().status == 200)
            let caller = try await gateway.connect()
            try await caller.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            let held = try await upstream.next("tools/call")

            let deleted = try await gateway.exchange("DELETE", "/fetch/mcp", headers)
            #expect((200..<300).contains(deleted.status))
            #expect(try await upstream.next("notifications/cancelled").cancelledRequestID?.json == held.id?.json)
            #expect(try await listener.event() == nil)
            #expect(try await caller.response().body.contains(#""id":1,"error":{"code":-32800"#))
            for method in ["POST", "GET", "DELETE"] {
                let body = method == "POST" ? TestGateway.call("echo", id: "1") : nil
                #expect(try await gateway.exchange(method, "/fetch/mcp", headers, body: body).status == 404)
            }
        }
    }

    @Test("[39] notifications and responses are 202 without a body")
    func notifications() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            for body in [
                #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, #"{"jsonrpc":"2.0","id":9,"result":{}}"#,
                #"{"jsonrpc":"2.0","id":9,"error":{"code":1,"message":"x"}}"#,
            ] {
                let response = try await gateway.exchange("POST", "/fetch/mcp", headers, body: body)
                #expect(response.status == 202)
                #expect(response.body.isEmpty)
            }
        }
    }

    @Test("[40] an answer that comes soon is JSON, on a connection that stays open")
    func json() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let connection = try await gateway.connect()
            for id in ["1", #""a""#, "9007199254740993"] {
                let response = try await connection.exchange(
                    "POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: id))
                #expect(response.status == 200)
                #expect(response.headers["content-type"] == "application/json")
                #expect(response.headers["mcp-session-id"] == nil)
                #expect(response.body == #"{"jsonrpc":"2.0","id":\#(id),"result":{"content":[],"tool":"echo"}}"#)
            }
        }
    }

    @Test("[40] an answer that takes long is a stream that ends after it")
    func lateAnswer() async throws {
        var settings = TestGateway.patient
        settings.deferredAnswerDelay = .milliseconds(10)
        try await TestGateway.run(settings: settings) { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            let head = try await connection.head()
            #expect(head.status == 200)
            #expect(head.headers["content-type"] == "text/event-stream")
            let held = try await upstream.next("tools/call")
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{"late":1}}"#)
            #expect(try await connection.message() == #"{"jsonrpc":"2.0","id":1,"result":{"late":1}}"#)
            #expect(try await connection.message() == nil)
            let next = try await connection.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "2"))
            #expect(next.body.contains(#""id":2"#))
        }
    }

    @Test("[40] a client that takes JSON only waits for it; one that takes streams only gets one")
    func singleAccept() async throws {
        var settings = TestGateway.patient
        settings.deferredAnswerDelay = .milliseconds(1)
        try await TestGateway.run(settings: settings) { gateway in
            var headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            headers["Accept"] = "application/json"
            let connection = try await gateway.connect()
            try await connection.request(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1", meta: #"{"progressToken":"p"}"#))
            let held = try await upstream.next("tools/call")
            upstream.emit(progress(held.metaProgressToken.map { String(buffer: $0) } ?? ""))
            // Another call passes through the loop, and with it the time in which a stream could have begun.
            headers["Accept"] = "text/event-stream"
            let other = try await gateway.connect()
            try await other.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "2"))
            #expect(try await other.head().headers["content-type"] == "text/event-stream")
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{}}"#)
            let response = try await connection.response()
            #expect(response.headers["content-type"] == "application/json")
            #expect(response.body == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        }
    }

    private func progress(_ token: String) -> String {
        #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":\#(token),"progress":1}}"#
    }

    @Test("[44] [43] progress goes to the stream of its call only, and the GET stream gets no answers")
    func ownStream() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let listener = try await gateway.connect()
            try await listener.request("GET", "/fetch/mcp", headers)
            #expect(try await listener.head().headers["content-type"] == "text/event-stream")
            var calls: [(connection: TestConnection, id: String, token: String)] = []
            for id in ["1", "2"] {
                let connection = try await gateway.connect()
                try await connection.request(
                    "POST", "/fetch/mcp", headers,
                    body: TestGateway.call("hold", id: id, meta: #"{"progressToken":"p\#(id)"}"#))
                let held = try await upstream.next("tools/call")
                calls.append((connection, held.idText, held.metaProgressToken.map { String(buffer: $0) } ?? ""))
            }
            for call in calls { upstream.emit(progress(call.token)) }
            for call in calls { upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.id),"result":{}}"#) }
            upstream.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            for (index, call) in calls.enumerated() {
                #expect(try await call.connection.head().headers["content-type"] == "text/event-stream")
                #expect(try await call.connection.message() == progress(#""p\#(index + 1)""#))
                #expect(try await call.connection.message() == #"{"jsonrpc":"2.0","id":\#(index + 1),"result":{}}"#)
                #expect(try await call.connection.message() == nil)
            }
            let changed = try await listener.message() ?? ""
            #expect(changed.contains("notifications/tools/list_changed"))
        }
    }

    @Test("[41] an Accept without either form is 406; an absent one and */* are served")
    func accept() async throws {
        try await TestGateway.run { gateway in
            for (accept, status) in [("text/html", 406), ("*/*", 200), (nil, 200)] as [(String?, Int)] {
                var headers = try await gateway.session()
                headers["Accept"] = accept
                let response = try await gateway.exchange(
                    "POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "1"))
                #expect(response.status == status)
            }
        }
    }

    @Test("[42] a GET that does not ask for an event stream is 406", arguments: ["application/json", nil] as [String?])
    func listenAccept(_ accept: String?) async throws {
        try await TestGateway.run { gateway in
            var headers = try await gateway.session()
            headers["Accept"] = accept
            #expect(try await gateway.exchange("GET", "/fetch/mcp", headers).status == 406)
        }
    }

    @Test("other methods are 405 with Allow", arguments: ["PUT", "PATCH", "HEAD", "OPTIONS"])
    func methods(_ method: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.exchange(method, "/fetch/mcp")
            #expect(response.status == 405)
            #expect(response.headers["allow"] == "GET, POST, DELETE")
        }
    }

    @Test("[45] a client that goes away during a call cancels nothing, and the session goes on")
    func disconnect() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            let held = try await upstream.next("tools/call")
            try await connection.close()
            let echo = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "2"))
            #expect(echo.status == 200)
            // Had it been cancelled, the server would have heard of it before the second call.
            let bytes = await upstream.sent.first { _ in true }.map { String(buffer: $0) } ?? ""
            #expect(bytes.contains("tools/call"))
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{}}"#)
            #expect(
                try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "3"))
                    .status
                    == 200)
        }
    }

    @Test("[52] a cancelled call ends with error -32800")
    func cancelled() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            _ = try await upstream.next("tools/call")
            let cancel = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
            #expect(try await gateway.exchange("POST", "/fetch/mcp", headers, body: cancel).status == 202)
            let answer = try await connection.response()
            #expect(answer.status == 200)
            #expect(answer.body.contains(#""id":1,"error":{"code":-32800"#))
        }
    }

    @Test("[53] an unknown protocol version is 400, a known or absent one is served")
    func protocolVersion() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            for (version, status) in [
                ("2024-11-05", 200), ("2025-03-26", 200), ("2025-11-25", 200), ("1999-01-01", 400), ("", 400),
            ] {
                let response = try await gateway.exchange(
                    "POST", "/fetch/mcp", headers.merging(["MCP-Protocol-Version": version]) { $1 },
                    body: TestGateway.call("echo", id: "1"))
                #expect(response.status == status)
            }
            for method in ["GET", "DELETE"] {
                let response = try await gateway.exchange(
                    method, "/fetch/mcp", headers.merging(["MCP-Protocol-Version": "x"]) { $1 })
                #expect(response.status == 400)
            }
            let initialize = try await gateway.exchange(
                "POST", "/fetch/mcp", TestGateway.json.merging(["MCP-Protocol-Version": "x"]) { $1 },
                body: TestGateway.initialize)
            #expect(initialize.status == 200)
        }
    }

    @Test("[56] concurrent POSTs of one session all finish, each on its own")
    func concurrency() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            var callers: [TestConnection] = []
            var held: [String] = []
            for id in 1...3 {
                let connection = try await gateway.connect()
                try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "\(id)"))
                held.append(try await upstream.next("tools/call").idText)
                callers.append(connection)
            }
            for (index, id) in held.enumerated().reversed() {
                upstream.emit(#"{"jsonrpc":"2.0","id":\#(id),"result":{"n":\#(index + 1)}}"#)
                #expect(
                    try await callers[index].response().body
                        == #"{"jsonrpc":"2.0","id":\#(index + 1),"result":{"n":\#(index + 1)}}"#)
            }
        }
    }

    @Test("[57] the newest GET stream wins; the older one ends")
    func secondListener() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let old = try await gateway.connect()
            try await old.request("GET", "/fetch/mcp", headers)
            #expect(try await old.head().status == 200)
            let new = try await gateway.connect()
            try await new.request("GET", "/fetch/mcp", headers)
            #expect(try await new.head().status == 200)
            #expect(try await old.event() == nil)
            #expect(try await old.exchange("GET", "/livez").status == 200)
            upstream.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            #expect(try await new.message()?.contains("list_changed") == true)
        }
    }

    @Test("[59] a session of another principal is 404")
    func otherPrincipal() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["a", "b"])]) { gateway in
            let headers = try await gateway.session("fetch", ["Authorization": "Bearer a"])
            for method in ["GET", "POST", "DELETE"] {
                let response = try await gateway.exchange(
                    method, "/fetch/mcp", headers.merging(["Authorization": "Bearer b"]) { $1 },
                    body: method == "POST" ? TestGateway.call("echo", id: "1") : nil)
                #expect(response.status == 404)
            }
            let own = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "1"))
            #expect(own.status == 200)
        }
    }

    @Test("[60] one session too many is 503 with Retry-After")
    func sessionLimit() async throws {
        try await TestGateway.run(limits: .init(sessions: 1)) { gateway in
            let headers = try await gateway.session()
            let refused = try await gateway.exchange(
                "POST", "/fetch/mcp", TestGateway.json, body: TestGateway.initialize)
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] != nil)
            _ = try await gateway.exchange("DELETE", "/fetch/mcp", headers)
            _ = try await gateway.session()
        }
    }

    @Test("errors of the request itself travel with HTTP 200")
    func rpcErrors() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: #"{"jsonrpc":"2.0","id":1,"method":"prompts/list"}"#)
            #expect(response.status == 200)
            #expect(response.body.contains("-32601"))
        }
    }
}
