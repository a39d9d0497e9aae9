import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// Servers over HTTP of which it is not known what they speak, and what is said to those of MCP 2026-07-28.
@Suite(.timeLimit(.minutes(2))) struct ModernRemoteTests {
    private typealias Setting = RemoteUnderTest.Setting
    private static let unknown = Setting(era: .auto)

    private static func discovered(_ capabilities: String = "{}", id: String = "discover") -> String {
        #"{"jsonrpc":"2.0","id":"\#(id)","result":{"resultType":"complete","supportedVersions":["2026-07-28"],"#
            + #""capabilities":\#(capabilities),"ttlMs":0,"cacheScope":"private"}}"#
    }

    private static func error(_ code: Int, id: String, data: String = "null") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"x","data":\#(data)}}"#
    }

    /// Plays the opening of a server of MCP 2026-07-28.
    private static func open(_ test: RemoteUnderTest, capabilities: String = "{}") async throws {
        try await test.request("POST").respondJSON(discovered(capabilities))
    }

    @Test("[136] a server that says what it is gets no initialize, and no session")
    func modern() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            let discover = try await test.request("POST")
            #expect(discover.header("mcp-protocol-version") == "2026-07-28")
            #expect(discover.header("mcp-method") == "server/discover" && discover.header("mcp-name") == nil)
            #expect(discover.header("accept") == "application/json, text/event-stream")
            #expect(discover.text.contains(#""io.modelcontextprotocol/protocolVersion":"2026-07-28""#))
            #expect(discover.text.contains(#""io.modelcontextprotocol/clientCapabilities":{}"#))
            discover.respondJSON(Self.discovered(), headers: [("Mcp-Session-Id", "s")])
            #expect(await test.next() == "ready, revision 2026-07-28")

            try await test.call(1, "gr\\u00fc\\u00dfe")
            let call = try await test.request("POST")
            #expect(call.header("mcp-method") == "tools/call")
            #expect(call.header("mcp-name") == "=?base64?Z3LDvMOfZQ==?=")
            #expect(call.header("mcp-session-id") == nil)
            call.respondJSON(RemoteUnderTest.answer(1))
            #expect(await test.next() == "message \(RemoteUnderTest.answer(1))")
        }
    }

    @Test(
        "[136] whatever a legacy server answers to the question, it gets initialize",
        arguments: [
            (400, #"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no valid session"}}"#),
            (400, ""), (404, "nothing"), (405, ""), (406, "no"), (415, "no"), (500, "oops"),
            (404, #"{"jsonrpc":"2.0","id":"discover","error":{"code":-32601,"message":"x"}}"#),
            (200, #"{"jsonrpc":"2.0","id":"discover","error":{"code":-32602,"message":"x"}}"#),
            (200, #"{"jsonrpc":"2.0","id":"discover","result":{}}"#), (200, "<html>"),
        ])
    func legacy(status: Int, body: String) async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            let discover = try await test.request("POST")
            discover.respondJSON(body, status: status)
            try await test.openStreamable()
            // The next life does not ask again.
            try await test.again { next in
                try await next.openStreamable()
            }
        }
    }

    @Test("[136] 404 to both leads to a GET, and its endpoint to HTTP+SSE")
    func events() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await test.request("POST").respond(status: 404)
            let initialize = try await test.request("POST")
            #expect(initialize.text.contains(#""method":"initialize""#))
            initialize.respond(status: 404)
            _ = try await test.openSSE()
        }
    }

    @Test("[136] an error of the newer protocol is no invitation to fall back", arguments: [-32020, -32021])
    func noFallback(code: Int) async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await test.request("POST").respondJSON(Self.error(code, id: #""discover""#), status: 400)
            #expect(await test.next().contains("answered server/discover with error \(code)"))
        }
    }

    @Test("[135] a server that offers the version it refused is asked once more")
    func again() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            let offer = #"{"supported":["2026-07-28"],"requested":"2026-07-28"}"#
            try await test.request("POST").respondJSON(
                Self.error(-32022, id: #""discover""#, data: offer), status: 400)
            let second = try await test.request("POST")
            #expect(second.text.contains(#""id":"discover-again""#))
            second.respondJSON(Self.discovered(id: "discover-again"))
            #expect(await test.next() == "ready, revision 2026-07-28")
        }
    }

    @Test("[137] what has nothing to do with the question ends the attempt", arguments: [401, 403, 429, 502, 503])
    func noVerdict(status: Int) async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await test.request("POST").respond(status: status)
            #expect(await test.next().contains("HTTP \(status)"))
        }
    }

    @Test("when nobody is there, that is said as always")
    func unreachable() async throws {
        try await RemoteUnderTest.with(Setting(era: .auto, url: "http://127.0.0.1:1/mcp")) { test in
            let outcome = await test.next()
            #expect(outcome.contains("cannot be reached") || outcome.contains("refused"), "\(outcome)")
        }
    }

    @Test("[78] a cancelled call has its stream closed, and nothing is posted")
    func cancelled() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await Self.open(test)
            #expect(await test.next() == "ready, revision 2026-07-28")
            try await test.call(1)
            let call = try await test.request("POST")
            call.beginEvents()
            try await test.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
            await call.closed
            // The next thing that arrives is the next call.
            try await test.call(2)
            let next = try await test.request("POST")
            #expect(next.text.contains(#""id":2"#))
            next.respondJSON(RemoteUnderTest.answer(2))
            #expect(await test.next() == "message \(RemoteUnderTest.answer(2))")
        }
    }

    @Test("what comes on the stream of an answer belongs to its call, and a stream without an answer loses it")
    func streams() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await Self.open(test)
            #expect(await test.next() == "ready, revision 2026-07-28")
            try await test.call(1)
            let call = try await test.request("POST")
            call.beginEvents()
            let log = #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}"#
            call.write("data: \(log)\n\n: comment\n\n")
            #expect(await test.next() == "message \(log)")
            call.endStream()
            #expect(await test.next() == "call 1 lost: closed the stream of the answer before the answer came")
            try await test.call(2)
            try await test.request("POST").respond(status: 500, body: "oops")
            #expect(await test.next() == #"call 2 lost: answered with HTTP 500 Internal Server Error ("oops")"#)
            try await test.call(3)
            try await test.request("POST").respondJSON(Self.error(-32602, id: "3"), status: 400)
            #expect(await test.next() == "message \(Self.error(-32602, id: "3"))")
            try await test.call(4)
            try await test.request("POST").respondJSON(Self.error(-32600, id: "null"), status: 400)
            #expect(
                await test.next()
                    == #"message {"jsonrpc":"2.0","id":4,"error":{"code":-32600,"message":"x","data":null}}"#)
        }
    }

    @Test("[141] the tools are listed first, and a call has the fields that its tool wants")
    func parameters() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await Self.open(test, capabilities: #"{"tools":{}}"#)
            #expect(await test.next() == "ready, revision 2026-07-28")
            try await test.send(
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"r":"a b","n":null}}}"#
            )
            let list = try await test.request("POST")
            #expect(list.header("mcp-method") == "tools/list")
            let schema =
                #"{"properties":{"r":{"type":"string","x-mcp-header":"R"},"n":{"type":"integer","x-mcp-header":"N"}}}"#
            list.respondJSON(
                #"{"jsonrpc":"2.0","id":"own-1","result":{"tools":[{"name":"t","inputSchema":\#(schema)}]}}"#)
            let call = try await test.request("POST")
            #expect(call.header("mcp-param-r") == "a b" && call.header("mcp-param-n") == nil)
            call.respondJSON(RemoteUnderTest.answer(1))
            #expect(await test.next() == "message \(RemoteUnderTest.answer(1))")
        }
    }

    @Test("[150] what is configured or forwarded cannot pass for a field of the protocol")
    func fields() async throws {
        let headers = ["Mcp-Method": "x", "Mcp-Param-R": "y", "X-Mine": "z"]
        try await RemoteUnderTest.with(Setting(era: .auto, headers: headers)) { test in
            let discover = try await test.request("POST")
            #expect(discover.header("mcp-method") == "server/discover" && discover.header("mcp-param-r") == nil)
            #expect(discover.header("x-mine") == "z")
            discover.respondJSON(Self.discovered())
            #expect(await test.next() == "ready, revision 2026-07-28")
            try await test.call(
                1,
                headers: [ForwardedHeader(name: "mcp-param-x", value: "1"), ForwardedHeader(name: "X-T", value: "2")])
            let call = try await test.request("POST")
            #expect(call.header("mcp-param-x") == nil && call.header("x-t") == "2")
            call.respondJSON(RemoteUnderTest.answer(1))
            #expect(await test.next() == "message \(RemoteUnderTest.answer(1))")
        }
    }

    @Test("[93] list changes come on a stream that is opened again when it breaks")
    func listening() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await Self.open(test, capabilities: #"{"prompts":{"listChanged":true}}"#)
            #expect(await test.next() == "ready, revision 2026-07-28")
            let first = try await test.request("POST")
            #expect(first.header("mcp-method") == "subscriptions/listen")
            #expect(first.text.contains(#""notifications":{"promptsListChanged":true}"#))
            first.beginEvents()
            func acknowledged(_ id: String) -> String {
                #"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"#
                    + #""notifications":{"promptsListChanged":true},"_meta":{"io.modelcontextprotocol/subscriptionId":"\#(id)"}}}"#
            }
            let changed = #"{"jsonrpc":"2.0","method":"notifications/prompts/list_changed"}"#
            first.write("data: \(acknowledged("listen-1"))\n\ndata: \(changed)\n\n")
            #expect(await test.next() == "message \(changed)")
            first.endStream()
            let second = try await test.request("POST")
            second.beginEvents()
            second.write("data: \(acknowledged("listen-2"))\n\n")
            // Something may have changed meanwhile.
            #expect(await test.next() == "message \(changed)")
        }
    }

    @Test("[148] a server that is gone ends the life, and a call that it never got waits for the next")
    func gone() async throws {
        try await RemoteUnderTest.with(Self.unknown) { test in
            try await Self.open(test)
            #expect(await test.next() == "ready, revision 2026-07-28")
            await test.peer.stop()
            try await test.call(1)
            #expect(await test.next() == "unsent \(RemoteUnderTest.call(1))")
            #expect(await test.next().contains("cannot be reached any more"))
        }
    }
}
