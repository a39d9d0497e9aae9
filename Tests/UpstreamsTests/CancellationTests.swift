import NIOCore
import Supervision
import TestSupport
import Testing

/// Calls that nobody wants to be answered any more.
@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    @Test("[130] a cancellation reaches the server under the id it knows, and its late answer is swallowed")
    func cancelled() async throws {
        try await ProcessUnderTest.with { test in
            _ = try await test.tool("echo")
            let late = CountingSink()
            try await test.call(ProcessUnderTest.toolCall("late", #"{"ms":60000}"#, id: #""c""#), to: late)
            let other = try await test.callTool("late", #"{"ms":500}"#, id: #""c""#, by: 2)
            try await test.cancel(#""c""#)
            guard case .cancelled = await late.end() else {
                Issue.record("it was answered")
                return
            }
            #expect(try await test.tool("cancelled", id: #""c""#).contains(#""text":"[2]""#))
            #expect(await other.nextText().contains("never cancelled"))
            #expect(late.ends == 1)
        }
    }

    @Test("[22] [130] a caller that is gone has its calls cancelled at the server")
    func detached() async throws {
        try await ProcessUnderTest.with { test in
            try await test.until(.ready)
            let gone = try await test.callTool("sleep", #"{"ms":60000}"#, id: "1", by: 2)
            await test.server.detach(CallerID(2))
            #expect(await gone.nextText() == "cancelled")
            #expect(try await test.tool("cancelled").contains(#""text":"[1]""#))
        }
    }

    @Test("progress of a real server arrives before its answer, under the caller's own token")
    func progress() async throws {
        try await ProcessUnderTest.with { test in
            let line =
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"progress","arguments":{"steps":3},"#
                + #""_meta":{"progressToken":"mine"}}}"#
            let sink = try await test.call(line)
            for step in 1...3 {
                let progress = await sink.nextText()
                #expect(progress.contains(#""progressToken":"mine","progress":\#(step),"#))
            }
            #expect(await sink.nextText().contains("made 3 steps"))
        }
    }

    @Test("what a server asks its client is answered: a ping with a result, sampling with an error if nobody is there")
    func questions() async throws {
        try await ProcessUnderTest.with { test async throws in
            #expect(try await test.tool("ask", #"{"method":"ping"}"#).contains(#"\"result\":{}"#))
            #expect(try await test.tool("ask", #"{"method":"sampling/createMessage"}"#).contains("-32603"))
        }
    }
}
