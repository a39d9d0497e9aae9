import JSONRPC
import NIOCore
import Supervision
import TestSupport
import Testing

/// What a message looks like after it went through two pipes and a real process.
@Suite(.timeLimit(.minutes(2))) struct WireTests {
    @Test("[15] emoji, U+2028, escaped surrogate pairs and control characters reach the server and come back")
    func unicode() async throws {
        let arguments = #"{"a":"x\#u{2028}y\#u{2029}\#u{85}z","b":"😀","c":"\ud83d\ude00 \u00e9 \/ \n \u0000","d":"é"}"#
        for mode in [[], ["--half-lines"]] {
            try await ProcessUnderTest.with(command: Programs.fixture(mode)) { test in
                let answer = try await test.tool("echo", arguments)
                #expect(answer.contains(#""structuredContent":{"arguments":\#(arguments),"#))
                #expect(answer.contains("\"lineSeparator\":\"a\u{2028}b\",\"emoji\":\"😀\",\"escaped\":"))
            }
        }
    }

    @Test("[10] an id comes back as it was spelled, through a real pipe")
    func ids() async throws {
        try await ProcessUnderTest.with { test in
            for id in [#""1""#, "1", "9007199254740993", "-7", #""a\u0041\"\\ü\#u{2028}""#] {
                let answer = try await test.call(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#).nextText()
                #expect(answer == #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
            }
        }
    }

    @Test("[13] members nobody knows, spelling of numbers and order of keys survive both ways")
    func fidelity() async throws {
        try await ProcessUnderTest.with { test in
            let arguments = #"{"z":1.50,"big":9007199254740993,"e":1E+2,"y":-0,"a":[[{}]],"n":null}"#
            let line =
                #"{ "id":"q", "x":0.10, "params":{"_meta":{"t":"00-1","progressToken":"p"},"arguments":"#
                + #"\#(arguments),"name":"echo"},"method":"tools/call","jsonrpc":"2.0"}"#
            let answer = try await test.call(line).nextText()
            let received = line.replacing(#""id":"q""#, with: #""id":1"#).replacing(#""p""#, with: "1")
            #expect(answer.hasPrefix(#"{"jsonrpc":"2.0","id":"q","result":{"content":["#))
            #expect(answer.contains(#""arguments":\#(arguments),"line":"\#(received.replacing("\"", with: "\\\""))""#))
            #expect(answer.hasSuffix(#""order":{"z":1,"a":2,"m":3},"nothing":null,"empty":{},"deep":[[[[]]]]}}}"#))
        }
    }

    @Test("output in pieces of a few bytes is put together")
    func halfLines() async throws {
        try await ProcessUnderTest.with("--half-lines", "--banner") { test in
            let text = String(repeating: "é😀", count: 500)
            for number in 1...5 {
                let answer = try await test.tool("echo", #"{"text":"\#(text)\#(number)"}"#)
                #expect(answer.contains("\(text)\(number)"))
            }
        }
    }

    @Test("[147] a flood of 10 MB on stderr, before the handshake and during a call, holds nothing up")
    func stderrFlood() async throws {
        try await ProcessUnderTest.with("--flood-stderr", "10000000") { test in
            try await test.until(.ready)
            #expect(try await test.tool("flood_stderr", #"{"bytes":10000000}"#).contains("flooded"))
            let lines = await test.server.standardErrorLines()
            #expect(lines.count == 200 && lines.allSatisfy { $0.utf8.count <= 99 })
        }
    }

    @Test("[147] a banner and junk on stdout are skipped, each with a warning")
    func junk() async throws {
        try await ProcessUnderTest.with("--banner") { test in
            try await test.until(.ready)
            for junk in ["", "42", "[]", "null", "{", "\\u0000", #"{\"jsonrpc\":\"1.0\"}"#, "}{", "\\ud83d"] {
                #expect(try await test.tool("raw", #"{"line":"\#(junk)"}"#).contains("sent"))
            }
            #expect(await test.log.entries.first { $0.text.contains("is no MCP message") } != nil)
            #expect(await test.server.snapshot().generation == 1)
        }
    }

    @Test("a line on stderr is kept up to 8 KiB and cut beyond, and one without an end is cut too")
    func longStderrLines() async throws {
        let script = "printf '%08192d\\n%08193d\\n%0100000d' 0 0 0 >&2; exec cat >/dev/null"
        try await ProcessUnderTest.with(command: Programs.shellServer(script)) { test async throws in
            let zeros = String(repeating: "0", count: 8192)
            #expect(await test.log.standardErrorLine(startingWith: "0") == zeros)
            #expect(await test.log.standardErrorLine(startingWith: "0") == zeros + "…")
            #expect(await test.log.standardErrorLine(startingWith: "0") == zeros + "…")
        }
    }
}
