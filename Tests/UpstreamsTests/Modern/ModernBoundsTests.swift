import JSONRPC
import MCP
import NIOCore
import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// What servers of MCP 2026-07-28 cannot make grow without end.
@Suite(.timeLimit(.minutes(2))) struct ModernBoundsTests {
    @Test("1024 requests may be under way; the next is refused, and goes when one of them is cancelled")
    func requests() async throws {
        try await RemoteUnderTest.with(RemoteUnderTest.Setting(era: .auto)) { test in
            try await test.request("POST").respondJSON(
                #"{"jsonrpc":"2.0","id":"discover","result":{"supportedVersions":["2026-07-28"],"capabilities":{}}}"#)
            #expect(await test.next() == "ready, revision 2026-07-28")
            for id in 1...ModernTransport.limit { try await test.call(id) }
            let refusal = await #expect(throws: UpstreamSendFailure.self) { try await test.call(1025) }
            guard case .backlogFull(let bytes) = refusal else { return #expect(refusal == .backlogFull(bytes: 0)) }
            #expect(bytes > 1024 * 60)
            for _ in 1...ModernTransport.limit { _ = try await test.request("POST") }
            try await test.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
            try await test.call(1025)
            #expect(try await test.request("POST").text.contains(#""id":1025"#))
        }
    }

    @Test("64 things may be asked for in one round; more end the call")
    func questions() {
        func step(_ count: Int) -> InputRounds.Step {
            var (rounds, ids) = (InputRounds(), QuestionIDs(nonce: 1))
            let requests = (1...count).map { #""k\#($0)":{"method":"roots/list"}"# }.joined(separator: ",")
            return rounds.required(
                ByteBuffer(string: #"{"inputRequests":{\#(requests)}}"#),
                of: ClientCapabilities(json: ByteBuffer(string: #"{"roots":{}}"#)), ids: &ids)
        }
        guard case .ask(let questions) = step(InputRounds.questionLimit), case .end = step(65) else {
            Issue.record("the bound is elsewhere")
            return
        }
        #expect(questions.count == 64)
    }

    @Test("4096 resources may be subscribed to on one connection")
    func resources() {
        var union = ListenUnion(features: [])
        for number in 1...ListenUnion.resourceLimit {
            _ = union.subscribe("r\(number)", for: RequestID(number), now: .zero)
        }
        let effects = union.subscribe("one more", for: RequestID(5000), now: .zero)
        guard case .answer(RequestID(5000), let refusal?) = effects.first else {
            Issue.record("\(effects.count)")
            return
        }
        #expect(refusal.message.contains("4096"))
        // One that is there already is no more.
        #expect(union.subscribe("r1", for: RequestID(5001), now: .zero) == [])
    }

    @Test("100 pages of tools are read, whatever their cursors say")
    func pages() throws {
        var test = try ModernUnderTest(isOverHTTP: true)
        _ = test.begin()
        var count = 1
        let page = #"{"tools":[],"nextCursor":"again"}"#
        while try !test.receive(ModernUnderTest.result("\"own-\(count)\"", page)).isEmpty { count += 1 }
        #expect(count == ToolListing.pageLimit)
        #expect(try test.send(ModernUnderTest.call(1)).count == 1)
    }

    @Test("of 4096 tools it is known which arguments go into fields")
    func tools() throws {
        var headers = ToolHeaders()
        let schema = #"{"properties":{"r":{"type":"string","x-mcp-header":"R"}}}"#
        let tools = (1...ToolHeaders.limit + 1).map { #"{"name":"t\#($0)","inputSchema":\#(schema)}"# }
        let page = headers.read(ByteBuffer(string: #"{"tools":[\#(tools.joined(separator: ","))]}"#))
        #expect(page.kept == nil && !page.hidesOthers)
        func fields(_ tool: String) throws -> Int {
            headers.fields(
                of: try ModernUnderTest.message(
                    ModernUnderTest.call(1, "tools/call", #"{"name":"\#(tool)","arguments":{"r":"x"}}"#))
            ).count
        }
        #expect(try fields("t1") == 1 && fields("t4096") == 1 && fields("t4097") == 0)
    }

    @Test("of 256 hidden tools it is told, each once, until it is declared as it may be")
    func hiddenTools() throws {
        var headers = ToolHeaders()
        func page(_ count: Int, _ type: String) -> ByteBuffer {
            let schema = #"{"properties":{"r":{"type":"\#(type)","x-mcp-header":"R"}}}"#
            let tools = (1...count).map { #"{"name":"t\#($0)","inputSchema":\#(schema)}"# }
            return ByteBuffer(string: #"{"tools":[\#(tools.joined(separator: ","))]}"#)
        }
        let first = headers.read(page(ToolHeaders.hiddenLimit + 1, "number"))
        #expect(first.kept.map { String(buffer: $0) } == #"{"tools":[]}"# && first.hidesOthers)
        #expect(headers.hidden.count == ToolHeaders.hiddenLimit)
        #expect(!headers.read(page(2, "number")).hidesOthers)
        #expect(headers.read(page(2, "string")).hidesOthers)
        #expect(headers.hidden.first?.name == "t3")
    }

    @Test("of 256 servers it is remembered what they are")
    func eras() {
        let memory = EraMemory(store: nil) { 0 }
        func specification(_ number: Int) -> ServerSpecification {
            ServerSpecification(name: "s\(number)", launch: .process(ProcessCommand(command: "c")))
        }
        for number in 1...257 { memory.remember(.legacy, of: specification(number)) }
        #expect(memory.era(of: specification(1)) == nil)
        #expect(memory.era(of: specification(2)) == .legacy && memory.era(of: specification(257)) == .legacy)
    }
}
