import Glibc
import NIOCore
import Supervision
import TestSupport
import Testing

/// Much of everything.
@Suite(.timeLimit(.minutes(3))) struct VolumeTests {
    @Test("an answer just under messageLimit arrives; one just over it fails its own call, and the next call works")
    func messageLimit() async throws {
        let limit = 100_000
        try await ProcessUnderTest.with(limits: TestLimits(message: limit)) { test in
            let overhead = #"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":""}]}}"#.utf8.count
            let fitting = try await test.tool("big", #"{"bytes":\#(limit - overhead)}"#, id: "1")
            #expect(fitting.utf8.count == limit)
            let over = try await test.tool("big", #"{"bytes":\#(limit - overhead + 1)}"#, id: "1")
            #expect(over.contains("-32603") && over.contains("longer than 100000 bytes"))
            let far = try await test.tool("big", #"{"bytes":\#(limit * 50)}"#, id: "1")
            #expect(far.contains("-32603") && far.contains(#""id":1"#))
            #expect(try await test.tool("echo", #"{"after":true}"#).contains(#""after":true"#))
            #expect(await test.server.snapshot().generation == 1)
        }
    }

    @Test("large calls and large answers in both directions at once do not lock each other out")
    func bothDirections() async throws {
        try await ProcessUnderTest.with { test in
            try await test.until(.ready)
            var waiting: [(sink: CollectingSink, text: String)] = []
            for number in 1...24 {
                let size = (16 << 10) << (number % 7)
                let text = String(repeating: "\(number % 10)", count: size)
                waiting.append((try await test.callTool("echo", #"{"text":"\#(text)"}"#, id: "\(number)"), text))
            }
            for (number, call) in waiting.enumerated() {
                let answer = await call.sink.nextText()
                #expect(answer.hasPrefix(#"{"jsonrpc":"2.0","id":\#(number + 1),"#))
                #expect(answer.contains(#""structuredContent":{"arguments":{"text":"\#(call.text)"}"#))
            }
        }
    }

    @Test("a server that does not read costs a bounded backlog: further calls are refused, and it recovers")
    func backlog() async throws {
        let answer = #"s/.*"id":\([0-9]*\),"method":"tools.*/{"jsonrpc":"2.0","id":\1,"result":{}}/p"#
        let command = Programs.shellServer(Programs.pauseUntilUserSignal + "exec sed -u -n '\(answer)'")
        try await ProcessUnderTest.with(command: command, limits: TestLimits(backlog: 1 << 20)) { test in
            let process = try #require(try await test.untilPaused().processID)
            let text = String(repeating: "x", count: 256 << 10)
            var sinks: [CollectingSink] = []
            for number in 1...8 {
                sinks.append(try await test.callTool("echo", #"{"text":"\#(text)"}"#, id: "\(number)"))
            }
            // The pipe itself takes a little, and so the fifth begins below the limit. The others end at once.
            for sink in sinks[5...] {
                #expect(await sink.nextText().contains("does not read its input"))
            }
            kill(process, SIGUSR1)
            for (number, sink) in sinks[..<5].enumerated() {
                #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":\#(number + 1),"result":{}}"#)
            }
            #expect(try await test.tool("echo", id: "9") == #"{"jsonrpc":"2.0","id":9,"result":{}}"#)
        }
    }

    @Test("a server that asks without end and does not read costs a bounded backlog even before the handshake")
    func endlessQuestions() async throws {
        // 20 000 pings; their answers, of some 40 bytes each, are counted afterwards.
        let script = """
            i=0
            while [ $i -lt 20000 ]; do echo '{"jsonrpc":"2.0","id":'$i',"method":"ping"}'; i=$((i+1)); done
            read -r initialize
            echo '{"jsonrpc":"2.0","id":"initialize","result":{"protocolVersion":"2025-11-25","capabilities":{}}}'
            n=0
            while read -r line; do
                case $line in
                    *'"method":"count"'*)
                        id=${line#*'"id":'}
                        echo '{"jsonrpc":"2.0","id":'${id%%,*}',"result":'$n'}' ;;
                    *) n=$((n+1)) ;;
                esac
            done
            """
        try await ProcessUnderTest.with(command: Programs.shell(script), limits: TestLimits(backlog: 200_000)) { test in
            try await test.until(.ready)
            // The first message after the handshake fits only once the server has begun to read.
            var answer = ""
            repeat {
                answer = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"count"}"#).nextText()
            } while answer.contains("does not read its input")
            let count = try #require(answer.split(separator: ":").last.flatMap { Int($0.dropLast()) })
            // What the backlog and the pipe (256 KiB) hold of them, and the shell reads meanwhile: far from all.
            #expect((1000..<15_000).contains(count))
        }
    }

    @Test("[147] a server that floods its stdout with noise is stopped, and the reason says so")
    func endlessNoise() async throws {
        try await ProcessUnderTest.with(command: Programs.shell("exec yes")) { noisy in
            try await noisy.until(.stopping)
            #expect(await noisy.server.snapshot().reason.contains("floods its stdout"))
        }
    }

    @Test("an answer that is no JSON-RPC message fails its call at once, saying what is wrong with it")
    func malformedAnswer() async throws {
        let answer = #"s/.*"id":\([0-9]*\),"method":"tools.*/{"id":\1,"result":{}}/p"#
        let command = Programs.shellServer("exec sed -u -n '\(answer)'")
        try await ProcessUnderTest.with(command: command) { test in
            let text = try await test.tool("echo", id: "7")
            #expect(text.contains(#""id":7"#) && text.contains(#"\"jsonrpc\" must be"#))
        }
    }
}
