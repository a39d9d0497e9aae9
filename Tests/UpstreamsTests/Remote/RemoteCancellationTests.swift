import NIOCore
import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// What a cancellation does to the request that it cancels.
@Suite(.timeLimit(.minutes(2))) struct RemoteCancellationTests {
    private typealias Test = RemoteUnderTest

    private static func cancelled(_ id: Int) -> String {
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
    }

    @Test("the server gets the notification, and then the stream of the answer is closed")
    func streamable() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginEvents()
            post.event(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
            _ = await test.next()
            try await test.send(Self.cancelled(1))
            let cancellation = try await test.request("POST")
            #expect(cancellation.text == Self.cancelled(1) && cancellation.header("mcp-session-id") == "s-1")
            // The stream is still open: what comes on it counts.
            post.event(#"{"jsonrpc":"2.0","id":"q","method":"ping"}"#)
            #expect(await test.next().contains(#""id":"q""#))
            cancellation.respond(status: 202)
            await post.closed
        }
    }

    @Test("a request that waits to be resumed is not resumed any more")
    func resuming() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginEvents()
            post.event(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#, id: "1")
            _ = await test.next()
            post.write("retry: 2000\n\n")
            post.endStream()
            try await test.send(Self.cancelled(1))
            try await test.request("POST").respond(status: 202)
            try await test.call(2)
            let next = try await test.request("POST")
            // Longer than the stream was to wait.
            try await Task.sleep(for: .milliseconds(2500))
            next.respondJSON(Test.answer(2))
            #expect(await test.next() == "message \(Test.answer(2))")
            try await test.call(3)
            #expect(try await test.request().text == Test.call(3))
        }
    }

    @Test("a cancellation waits a moment for an answer's head, so that it does not arrive before its request")
    func order() async throws {
        for isAnswered in [true, false] {
            try await RemoteUnderTest.with { test in
                try await test.openStreamable()
                try await test.call(1)
                let sent = NIODeadline.now()
                try await test.send(Self.cancelled(1))
                let post = try await test.request("POST")
                #expect(post.text == Test.call(1))
                if isAnswered { post.beginEvents() }
                let cancellation = try await test.request("POST")
                #expect(cancellation.text == Self.cancelled(1))
                if !isAnswered { #expect(NIODeadline.now() - sent >= .milliseconds(100)) }
                cancellation.respond(status: 202)
                await post.closed
            }
        }
    }

    @Test("over HTTP+SSE the notification goes to the endpoint, and nothing else happens")
    func sse() async throws {
        try await RemoteUnderTest.with(RemoteUnderTest.Setting(path: "/sse")) { test in
            let stream = try await test.openSSE()
            try await test.call(1)
            try await test.request("POST").respond(status: 202)
            try await test.send(Self.cancelled(1))
            let cancellation = try await test.request("POST")
            #expect(cancellation.text == Self.cancelled(1) && cancellation.uri == "/messages?id=1")
            cancellation.respond(status: 202)
            stream.event(Test.answer(2))
            #expect(await test.next() == "message \(Test.answer(2))")
        }
    }

    @Test("the rest of a stream whose answer has come is given a second, and then closed")
    func linger() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginEvents()
            post.event(Test.answer(1))
            #expect(await test.next() == "message \(Test.answer(1))")
            let late = #"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#
            post.event(late)
            #expect(await test.next() == "message \(late)")
            await post.closed
        }
    }
}
