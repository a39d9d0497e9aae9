import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// How a server is found at a URL that says nothing about it.
@Suite(.timeLimit(.minutes(2))) struct DetectionTests {
    private typealias Setting = RemoteUnderTest.Setting

    @Test("136: a server that takes initialize is streamable, and is asked nothing else")
    func streamable() async throws {
        try await RemoteUnderTest.with { test in
            let initialize = try await test.playInitialize()
            #expect(initialize.header("mcp-protocol-version") == nil && initialize.header("mcp-session-id") == nil)
            #expect(initialize.header("accept") == "application/json, text/event-stream")
            #expect(initialize.header("content-type") == "application/json")
            #expect(initialize.header("user-agent") == "gateway/1")
            #expect(initialize.header("accept-encoding") == nil)
            let initialized = try await test.request("POST")
            #expect(initialized.text.contains("notifications/initialized"))
            initialized.respond(status: 202)
            #expect(await test.next() == "ready, revision 2025-11-25")
        }
    }

    @Test(
        "136: 400, 404 and 405 to initialize lead to a GET, and its endpoint to HTTP+SSE", arguments: [400, 404, 405])
    func fallback(status: Int) async throws {
        try await RemoteUnderTest.with { test in
            try await test.request("POST").respond(status: status, body: "no")
            _ = try await test.openSSE()
        }
    }

    @Test("136: an error of the newer protocol is not an invitation to fall back", arguments: [-32020, -32021, -32022])
    func modern(code: Int) async throws {
        try await RemoteUnderTest.with { test in
            let error = #"{"jsonrpc":"2.0","id":"initialize","error":{"code":\#(code),"message":"x"}}"#
            try await test.request("POST").respondJSON(error, status: 400)
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: it answered with error \(code), so it speaks MCP "
                    + "2026-07-28 or later only")
        }
    }

    @Test("137: 401, 403 and 5xx end the attempt with what they mean, and nothing else is tried")
    func noVerdict() async throws {
        let reasons = [
            401: "HTTP 401 Unauthorized: it asks for credentials; put them into \"headers\" (\"who?\")",
            403: "HTTP 403 Forbidden: it wants credentials in \"headers\", or does not serve this host name (\"who?\")",
            500: "HTTP 500 Internal Server Error (\"who?\")",
            503: "HTTP 503 Service Unavailable: it is overloaded, or what stands before it does not reach it "
                + "(\"who?\")",
        ]
        for (status, reason) in reasons {
            for path in ["/mcp", "/sse"] {
                try await RemoteUnderTest.with(Setting(path: path)) { test in
                    try await test.request(path == "/sse" ? "GET" : "POST").respond(status: status, body: "who?")
                    let kind = status < 500 ? "did not let the gateway in" : "did not complete the MCP handshake"
                    #expect(await test.next() == "\(kind): \(reason)")
                }
            }
        }
    }

    @Test("137: after a 5xx the next life asks the same question again")
    func sameAgain() async throws {
        try await RemoteUnderTest.with { test in
            try await test.request("POST").respond(status: 503)
            _ = await test.next()
            try await test.again { try await $0.openStreamable() }
        }
    }

    @Test("137: silence changes nothing either, and the reason says what was waited for")
    func silence() async throws {
        try await RemoteUnderTest.with(Setting(startTimeout: .seconds(3))) { test in
            _ = try await test.request("POST")
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: it gave no answer to initialize within its startTimeout")
        }
        try await RemoteUnderTest.with(Setting(path: "/sse", startTimeout: .seconds(3))) { test in
            try await test.request("GET").beginEvents()
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: it gave no \"endpoint\" event on its stream within its "
                    + "startTimeout")
        }
    }

    @Test("137: a server that is not there is unreachable")
    func refused() async throws {
        let gone = try await TestHTTPServer.start()
        await gone.stop()
        try await RemoteUnderTest.with(Setting(url: gone.url("/mcp"))) { test in
            #expect(await test.next().hasPrefix("could not be reached: "))
        }
    }

    @Test("when neither works, both outcomes are told")
    func nothingWorks() async throws {
        try await RemoteUnderTest.with { test in
            try await test.request("POST").respond(status: 405, body: "Method Not Allowed\n")
            try await test.request("GET").respond(headers: [("Content-Type", "text/html")], body: "<html>")
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: initialize by POST (streamable HTTP): HTTP 405 Method Not "
                    + "Allowed; a stream by GET (HTTP+SSE): it answered with text/html instead of a stream of events")
        }
    }

    @Test("at a path that ends in /sse the stream is tried first, and initialize after it")
    func sseFirst() async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse")) { _ = try await $0.openSSE() }
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            try await test.request("GET").respond(status: 405)
            try await test.openStreamable()
        }
    }

    @Test("a configured transport is the only one that is tried")
    func configured() async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse", transport: .streamableHTTP)) { test in
            try await test.request("POST").respond(status: 404)
            #expect(await test.next().hasSuffix("is \"transportType\" really \"streamable-http\"?"))
        }
        try await RemoteUnderTest.with(Setting(path: "/mcp", transport: .sse)) { _ = try await $0.openSSE() }
    }

    @Test("the next life goes straight to what worked, and looks again when that is refused")
    func memory() async throws {
        try await RemoteUnderTest.with { test in
            try await test.request("POST").respond(status: 405)
            _ = try await test.openSSE()
            try await test.again { test in
                _ = try await test.openSSE()
                try await test.again { test in
                    try await test.request("GET").respond(status: 405)
                    try await test.openStreamable()
                }
            }
        }
    }

    @Test("what was remembered is forgotten when neither works any more, and the next life looks as the first did")
    func forgetting() async throws {
        try await RemoteUnderTest.with { test in
            try await test.request("POST").respond(status: 405)
            _ = try await test.openSSE()
            try await test.again { test in
                try await test.request("GET").respond(status: 404)
                try await test.request("POST").respond(status: 404)
                #expect(await test.next().hasPrefix("did not complete the MCP handshake: a stream by GET"))
                try await test.again { try await $0.openStreamable() }
            }
        }
    }

    @Test("a server that answers initialize with a web page is told so")
    func page() async throws {
        try await RemoteUnderTest.with { test in
            try await test.request("POST").respond(headers: [("Content-Type", "text/html")], body: "<html>")
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: it answered HTTP 200 with text/html, which is no MCP message"
            )
        }
    }

    @Test("a refusal of initialize is told in the server's words, and the session it opened is closed")
    func refusal() async throws {
        try await RemoteUnderTest.with { test in
            let error = #"{"jsonrpc":"2.0","id":"initialize","error":{"code":-32000,"message":"no licence"}}"#
            try await test.request("POST").respondJSON(error, headers: [("Mcp-Session-Id", "s")])
            #expect(await test.next() == "unusable: it refused initialize: no licence")
            await test.act { $0.closeInput() }
            let farewell = try await test.request("DELETE")
            #expect(farewell.header("mcp-session-id") == "s")
            farewell.respond()
            #expect(await test.next().contains("closed on request"))
        }
    }

    @Test("a URL that is none is never tried")
    func noURL() async throws {
        try await RemoteUnderTest.with(Setting(url: "ftp://user:secret@host/?key=secret")) { test in
            let end = await test.next()
            #expect(end.hasPrefix("could not be started: \"url\" is no") && end.hasSuffix(", for good"))
            #expect(!end.contains("secret"))
        }
    }
}
