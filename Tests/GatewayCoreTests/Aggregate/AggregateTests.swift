import JSONRPC
import MCP
import NIOCore
import Supervision
import Synchronization
import TestSupport
import Testing

@testable import GatewayCore

@Suite struct AggregateTests {
    private static let all = #"{"tools":{},"prompts":{},"resources":{},"completions":{}}"#

    private static func member(_ name: String) -> ScriptedMember {
        ScriptedMember(
            name, capabilities: all,
            lists: [
                "tools/list": #"{"tools":[{"name":"get"},{"name":"guarded"}]}"#,
                "prompts/list": #"{"prompts":[{"name":"ask"}]}"#,
                "resources/list": #"{"resources":[{"uri":"x://1","name":"one"}]}"#,
                "resources/templates/list": #"{"resourceTemplates":[{"uriTemplate":"\#(name)://{id}","name":"t"}]}"#,
            ])
    }

    @Test(
        "[151] [153] each call goes to the server whose name it holds, with the server's own name, all else as it came")
    func calls() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            #expect(await client.list("tools/list") == ["a__get", "b__get"])
            #expect(await client.list("prompts/list") == ["a__ask", "b__ask"])
            let params = #"{"x":1.50,"name":"b__get","arguments":{"name":"a__get"}}"#
            #expect(await client.ask("tools/call", params) == #"{"jsonrpc":"2.0","id":1,"result":{"from":"b"}}"#)
            #expect(a.calls.isEmpty)
            #expect(
                b.calls == [
                    #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"x":1.50,"name":"get","arguments":{"name":"a__get"}}}"#
                ])
            #expect(await client.ask("prompts/get", #"{"name":"a__ask"}"#).contains(#""from":"a""#))
            #expect(a.calls.last?.contains(#""params":{"name":"ask"}"#) == true)
        }
    }

    @Test("[153] completions go to the server of the prompt or template, under its own name")
    func completions() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        let c = ScriptedMember(
            "c", capabilities: #"{"prompts":{}}"#, lists: ["prompts/list": #"{"prompts":[{"name":"p"}]}"#])
        try await AggregateUnderTest.with([a, b, c]) { test in
            let client = try await test.caller()
            let prompt = #"{"argument":{"name":"x"},"ref":{"type":"ref/prompt","name":"b__ask"},"context":{}}"#
            #expect(await client.ask("completion/complete", prompt).contains(#""from":"b""#))
            #expect(
                b.calls.last?.contains(
                    #"{"argument":{"name":"x"},"ref":{"type":"ref/prompt","name":"ask"},"context":{}}"#) == true)
            let template = #"{"ref":{"type":"ref/resource","uri":"a://{id}"},"argument":{}}"#
            #expect(await client.ask("completion/complete", template).contains(#""from":"a""#))
            let none = #"{"ref":{"type":"ref/prompt","name":"c__p"},"argument":{}}"#
            #expect(await client.ask("completion/complete", none).contains(#"{"completion":{"values":[]}}"#))
            let unknown = #"{"ref":{"type":"ref/prompt","name":"ask"},"argument":{}}"#
            #expect(await client.ask("completion/complete", unknown).contains("-32602"))
        }
    }

    @Test("[153] an unknown tool or prompt is refused with -32602, an unknown method with -32601")
    func unknown() async throws {
        try await AggregateUnderTest.with([Self.member("a")]) { test in
            let client = try await test.caller()
            for name in ["get", "a__nothing", "b__get"] {
                let answer = await client.ask("tools/call", #"{"name":"\#(name)"}"#)
                #expect(answer.contains("-32602") && answer.contains("Unknown tool: \(name)"))
            }
            #expect(await client.ask("prompts/get", #"{"name":"ask"}"#).contains("-32602"))
            #expect(await client.ask("tools/call").contains("-32602"))
            #expect(await client.ask("tasks/list").contains("-32601"))
        }
    }

    @Test("[153] [154] a resource is read from its server; of two with one URI the second is read by its label")
    func resources() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            #expect(await client.list("resources/list", "uri") == ["x://1", "mcp+b:x://1"])
            #expect(await client.list("resources/templates/list", "uriTemplate") == ["a://{id}", "b://{id}"])
            #expect(await client.ask("resources/read", #"{"uri":"x://1"}"#).contains(#""from":"a""#))
            #expect(await client.ask("resources/read", #"{"uri":"mcp+b:x://1"}"#).contains(#""from":"b""#))
            #expect(b.calls.last?.contains(#""params":{"uri":"x://1"}"#) == true)
            #expect(await client.ask("resources/read", #"{"uri":"b://7"}"#).contains(#""from":"b""#))
        }
    }

    @Test("[154] URIs in answers and notifications of the second server carry its label, and subscriptions lead to it")
    func collisionsEverywhere() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            let respond = b.state.withLock { $0.respond }
            b.state.withLock {
                $0.respond = { message in
                    message.isMethod("tools/call")
                        ? #"{"content":[{"type":"resource_link","uri":"x://1"},{"type":"resource_link","uri":"x://9"}]}"#
                        : respond(message)
                }
            }
            let answer = await client.ask("tools/call", #"{"name":"b__get"}"#)
            #expect(answer.contains(#""mcp+b:x://1""#) && answer.contains(#""uri":"x://9""#))
            // What b has linked to is b's, though it lists it nowhere.
            #expect(await client.ask("resources/read", #"{"uri":"x://9"}"#).contains(#""from":"b""#))
            #expect(await client.ask("resources/subscribe", #"{"uri":"mcp+b:x://1"}"#).contains("{}"))
            #expect(await client.ask("resources/unsubscribe", #"{"uri":"x://1"}"#).contains("{}"))
            #expect(b.events == ["subscribe x://1"] && a.events == ["unsubscribe x://1"])
            #expect(await client.ask("resources/subscribe", #"{"uri":"y://1"}"#).contains("-32002"))
            let updated = #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x://1"}}"#
            let message = try Message(ByteBuffer(string: updated))
            try await client.onLoop { b.observers { $0.notified(message) } }
            #expect(await client.next()?.contains(#""uri":"mcp+b:x://1""#) == true)
        }
    }

    @Test("[153] a resource that nobody lists is asked of one server after another")
    func unlistedResources() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            let respond = a.state.withLock { $0.respond }
            a.state.withLock { $0.respond = { $0.isMethod("resources/read") ? "error" : respond($0) } }
            #expect(await client.ask("resources/read", #"{"uri":"z://1"}"#).contains(#""from":"b""#))
            b.state.withLock { $0.isDown = true }
            let answer = await client.ask("resources/read", #"{"uri":"z://2"}"#)
            #expect(answer.contains("-32002") && answer.contains(#""uri":"z://2""#))
        }
    }

    @Test("[155] with one server down lists work, a call says so, and its return is told with everything it has")
    func oneDown() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        b.state.withLock { $0.isDown = true }
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            #expect(await client.list("tools/list") == ["a__get"])
            #expect(await client.ask("tools/call", #"{"name":"b__get"}"#).contains("not reached yet: b"))
            b.state.withLock { $0.isDown = false }
            let description = try #require(b.state.withLock { $0.description })
            try await client.onLoop { b.observers { $0.described(description) } }
            #expect(await client.next() == "changed tools")
            #expect(await client.list("tools/list") == ["a__get", "b__get"])
        }
    }

    @Test("[155] a server that could not be asked is asked again, though it says nothing itself")
    func retry() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        b.state.withLock { $0.isDown = true }
        try await AggregateUnderTest.with(
            [(a, Exposure()), (b, Exposure())], retryInterval: .milliseconds(20)
        ) { test in
            let client = try await test.caller()
            #expect(await client.list("tools/list") == ["a__get"])
            b.state.withLock { $0.isDown = false }
            #expect(await client.next() == "changed tools")
            #expect(await client.list("tools/list") == ["a__get", "b__get"])
        }
    }

    @Test("[155] a server that dies for good takes its tools out of the list; a call to one is a tool's error")
    func death() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            b.state.withLock { $0.isDown = true }
            try await client.onLoop { b.observers { $0.listChanged(.tools) } }
            #expect(await client.next() == "changed tools")
            #expect(await client.list("tools/list") == ["a__get"])
            let answer = await client.ask("tools/call", #"{"name":"b__get"}"#)
            #expect(
                answer
                    == #"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"b is down"}],"isError":true}}"#
            )
            #expect(await client.ask("prompts/get", #"{"name":"b__ask"}"#) == "b is down")
        }
    }

    @Test("[158] a server that hangs holds nobody up for longer than the catalogue's patience, and later not at all")
    func hung() async throws {
        let (a, b) = (Self.member("a"), ScriptedMember("b", capabilities: nil))
        let c = Self.member("c")
        c.state.withLock { $0.respond = { _ in nil } }
        try await AggregateUnderTest.with([a, b, c]) { test in
            let client = try await test.caller()
            #expect(client.description.withLock { $0?.features } == Set(Feature.allCases))
            #expect(await client.list("tools/list") == ["a__get"])
            #expect(c.state.withLock { $0.open.count } == 4)
            let hint = "Unknown tool: c__get (not reached yet: b, c)"
            #expect(await client.ask("tools/call", #"{"name":"c__get"}"#).contains(hint))
            let description = ServerDescription.fixture()
            b.serve(["tools/list": #"{"tools":[{"name":"late"}]}"#])
            try await client.onLoop {
                for completion in b.state.withLock({ $0.waiting }) { completion(.success(description)) }
            }
            #expect(await client.next() == "changed tools")
            #expect(await client.list("tools/list") == ["a__get", "b__late"])
        }
    }

    @Test("a caller sees and calls only servers that accept its token, and those that ask for none")
    func access() async throws {
        let (a, b, c) = (Self.member("a"), Self.member("b"), Self.member("c"))
        let tokens = ["a": ["A", "AB"], "b": ["B", "AB"]]
        try await AggregateUnderTest.with([(a, Exposure()), (b, Exposure()), (c, Exposure())], tokens: tokens) { test in
            let holder = try await test.caller(1, "Bearer A")
            #expect(await holder.list("tools/list") == ["a__get", "a__guarded", "c__get"])
            #expect(await holder.ask("tools/call", #"{"name":"b__get"}"#).contains("-32602"))
            #expect(await holder.ask("tools/call", #"{"name":"c__guarded"}"#).contains("-32602"))
            #expect(await holder.ask("resources/read", #"{"uri":"b://1"}"#).contains("-32002"))
            #expect(
                holder.description.withLock { $0?.instructions.map { String(buffer: $0) } }?.contains("I am b") == false
            )
            let both = try await test.caller(2, "Bearer AB")
            #expect(await both.list("prompts/list") == ["a__ask", "b__ask", "c__ask"])
            let stranger = try await test.caller(3)
            #expect(await stranger.list("tools/list") == ["c__get"])
            #expect(b.calls.isEmpty)
        }
        try await AggregateUnderTest.with([(a, Exposure()), (b, Exposure())], tokens: tokens) { test in
            #expect(test.route.access.principal(presenting: nil) == nil)
            #expect(test.route.access.principal(presenting: "Bearer C") == nil)
        }
    }

    @Test("[160] who is asked sees which server asks, and the answer goes back to it")
    func questions() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            _ = await client.ask("tools/call", #"{"name":"b__get"}"#)
            let lines = [
                #"{"jsonrpc":"2.0","id":7,"method":"elicitation/create","params":{"message":"Password?","x":1.0}}"#,
                #"{"jsonrpc":"2.0","id":8,"method":"sampling/createMessage","params":{"systemPrompt":"Be brief.","messages":[]}}"#,
                #"{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{"messages":[]}}"#,
            ]
            let wanted = [
                #""params":{"message":"b: Password?","x":1.0}"#, #""systemPrompt":"b: Be brief.""#,
                #""systemPrompt":"b: asked by this MCP server""#,
            ]
            for (line, wanted) in zip(lines, wanted) {
                let message = try Message(ByteBuffer(string: line))
                try await client.onLoop {
                    b.observers { $0.asked(ServerRequest(id: ServerRequestID(), message: message, sink: nil)) }
                }
                #expect(await client.next()?.contains(wanted) == true)
            }
            let question = try #require(client.questions.withLock { $0.first })
            let response = try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}"#))
            try await client.onLoop {
                #expect(client.callee.answer(question.id, with: response, by: client.caller.id))
                #expect(!client.callee.answer(question.id, with: response, by: client.caller.id))
            }
            // The catalogue was asked as well, and refused.
            #expect(b.events == ["answer error", "answer error", "answer error", #"answer {"action":"accept"}"#])
        }
    }

    @Test("log levels, cancellation, the number of calls and the end of a caller reach the servers that it has called")
    func callers() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            let client = try await test.caller()
            let respond = b.state.withLock { $0.respond }
            b.state.withLock { $0.respond = { $0.isMethod("tools/call") ? nil : respond($0) } }
            try await client.onLoop { client.callee.setLogLevel(.debug, of: client.caller.id) }
            let (first, second) = (
                client.send("tools/call", #"{"name":"b__get"}"#, id: 1),
                client.send("tools/call", #"{"name":"b__get"}"#, id: 2)
            )
            let cancel = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
            let message = try Message(ByteBuffer(string: cancel))
            try await client.onLoop {
                #expect(client.callee.callsInFlight(of: client.caller.id) == 2)
                #expect(client.callee.cancel(message, by: client.caller.id))
                #expect(!client.callee.cancel(message, by: client.caller.id))
                #expect(client.callee.callsInFlight(of: client.caller.id) == 1)
            }
            #expect(await first.nextText() == "cancelled")
            try await client.onLoop { client.callee.detach(client.caller.id) }
            #expect(await second.nextText() == "cancelled")
            #expect(b.events == ["level debug", "detach"] && a.events.isEmpty)
        }
    }

    @Test("of a client's headers a server gets those that it asks for")
    func headers() async throws {
        let (a, b) = (Self.member("a"), Self.member("b"))
        try await AggregateUnderTest.with([a, b]) { test in
            #expect(test.route.forwardedHeaders == ["X-a", "X-b"])
            let client = try await test.caller()
            let headers = ["x-a", "X-B"].map { ForwardedHeader(name: $0, value: "1") }
            _ = await client.ask("tools/call", #"{"name":"a__get"}"#, headers: headers)
            #expect(a.calls.last?.hasSuffix(#" ["x-a"]"#) == true)
        }
    }

    @Test("a server that has no list, says that it has none or knows no such request is none that was not reached")
    func emptyLists() async throws {
        let a = ScriptedMember("a", capabilities: #"{"tools":{}}"#)
        let b = ScriptedMember("b", capabilities: #"{"tools":{}}"#, lists: ["tools/list": #"{"tools":[]}"#])
        let c = ScriptedMember("c", capabilities: #"{"prompts":{}}"#)
        try await AggregateUnderTest.with([a, b, c]) { test in
            let client = try await test.caller()
            #expect(await client.ask("tools/call", #"{"name":"x"}"#).contains(#""Unknown tool: x""#))
            #expect(await client.ask("prompts/get", #"{"name":"x"}"#).contains(#""Unknown prompt: x""#))
        }
    }

    @Test("[92] who has no session, and only listens, is told of changes; so is who has only listed")
    func listeners() async throws {
        let a = Self.member("a")
        try await AggregateUnderTest.with([a]) { test in
            let modern = test.client(1, revision: .newestModern)
            try await modern.onLoop {
                modern.callee.describe(for: modern.caller) { _ in
                    modern.callee.attach(modern, as: modern.caller)
                }
            }
            let lister = test.client(2, revision: .newestLegacy)
            try await lister.onLoop { lister.callee.attach(lister, as: lister.caller) }
            #expect(await lister.list("tools/list") == ["a__get"])
            a.serve(["tools/list": #"{"tools":[]}"#])
            try await modern.onLoop { a.observers { $0.listChanged(.tools) } }
            #expect(await modern.next() == "changed tools")
            #expect(await lister.next() == "changed tools")
        }
    }

    @Test("[159] lists come in pages of the configured size, and cursors die with the list")
    func pages() async throws {
        let a = ScriptedMember("a", lists: ["tools/list": #"{"tools":[{"name":"1"},{"name":"2"},{"name":"3"}]}"#])
        try await AggregateUnderTest.with([(a, Exposure())], rules: AggregateRules(pageSize: 2)) { test in
            let client = try await test.caller()
            let first = await client.ask("tools/list")
            let cursor = try #require(first.split(separator: "\"nextCursor\":\"").last?.split(separator: "\"").first)
            let second = await client.ask("tools/list", #"{"cursor":"\#(cursor)"}"#)
            #expect(second.contains("a__3") && !second.contains("a__2") && !second.contains("nextCursor"))
            a.serve(["tools/list": #"{"tools":[{"name":"1"},{"name":"2"},{"name":"3"},{"name":"4"}]}"#])
            try await client.onLoop { a.observers { $0.listChanged(.tools) } }
            #expect(await client.next() == "changed tools")
            #expect(await client.ask("tools/list", #"{"cursor":"\#(cursor)"}"#).contains("-32602"))
            #expect(await client.ask("tools/list", #"{"cursor":7}"#).contains("-32602"))
        }
    }

    @Test("what the gateway asks for itself comes in one page")
    func ownPages() async throws {
        let a = ScriptedMember("a", lists: ["tools/list": #"{"tools":[{"name":"1"},{"name":"2"},{"name":"3"}]}"#])
        try await AggregateUnderTest.with([(a, Exposure())], rules: AggregateRules(pageSize: 2)) { test in
            let own = test.client(1, revision: .newestLegacy, principal: .gateway)
            #expect(await own.list("tools/list") == ["a__1", "a__2", "a__3"])
        }
    }

    @Test(
        "[157] a merged list may be kept as the most careful of its servers says, and by nobody else if it depends on who asks",
        arguments: [
            (#""ttlMs":500,"cacheScope":"public""#, #""ttlMs":300,"cacheScope":"public""#, [], 300, "public"),
            (#""ttlMs":500,"cacheScope":"private""#, #""ttlMs":700,"cacheScope":"public""#, [], 500, "private"),
            (#""ttlMs":500,"cacheScope":"public""#, #""x":1"#, [], 0, "private"),
            (#""ttlMs":500,"cacheScope":"public""#, #""ttlMs":300,"cacheScope":"public""#, ["t"], 500, "private"),
        ] as [(String, String, [String], Int, String)])
    func caching(one: String, other: String, tokens: [String], time: Int, scope: String) async throws {
        let capabilities = #"{"prompts":{"listChanged":true}}"#
        let a = ScriptedMember(
            "a", capabilities: capabilities, lists: ["prompts/list": #"{"prompts":[{"name":"p"}],\#(one)}"#])
        let b = ScriptedMember(
            "b", capabilities: capabilities, lists: ["prompts/list": #"{"prompts":[{"name":"p"}],\#(other)}"#])
        try await AggregateUnderTest.with([(a, Exposure()), (b, Exposure())], tokens: ["b": tokens]) { test in
            let modern = test.client(1, revision: .newestModern)
            let list = await modern.ask("prompts/list")
            #expect(list.contains(#""ttlMs":\#(time),"cacheScope":"\#(scope)""#), "\(list)")
            let legacy = test.client(2, revision: .newestLegacy)
            let plain = await legacy.ask("prompts/list")
            #expect(plain.contains("a__p") && !plain.contains("ttlMs") && !plain.contains("cacheScope"))
        }
    }

    @Test(
        "[157] what a server does not tell the changes of, is not kept, and neither is a list without one of its servers"
    )
    func cachingOfSilentServers() async throws {
        let list = #"{"prompts":[{"name":"p"}],"ttlMs":500,"cacheScope":"public"}"#
        let told = ScriptedMember(
            "a", capabilities: #"{"prompts":{"listChanged":true}}"#, lists: ["prompts/list": list])
        let silent = ScriptedMember("b", capabilities: #"{"prompts":{}}"#, lists: ["prompts/list": list])
        try await AggregateUnderTest.with([told, silent]) { test in
            let answer = await test.client(1, revision: .newestModern).ask("prompts/list")
            #expect(answer.contains(#""ttlMs":0,"#), "\(answer)")
        }
        silent.state.withLock { $0.isDown = true }
        try await AggregateUnderTest.with([told, silent]) { test in
            let answer = await test.client(1, revision: .newestModern).ask("prompts/list")
            #expect(answer.contains(#""ttlMs":0,"#) && !answer.contains("b__p"), "\(answer)")
        }
    }

    @Test("[127] tools that appear together are told to each client as its revision has them")
    func outputSchemas() async throws {
        let tool = #"{"name":"n","inputSchema":{},"outputSchema":{"type":"array"}}"#
        let a = ScriptedMember("a", lists: ["tools/list": #"{"tools":[\#(tool)]}"#])
        try await AggregateUnderTest.with([a]) { test in
            let modern = await test.client(1, revision: .newestModern).ask("tools/list")
            #expect(modern.contains(#""outputSchema":{"type":"array"}"#))
            let legacy = await test.client(2, revision: .newestLegacy).ask("tools/list")
            #expect(legacy.contains(#""outputSchema":{"type":"object","properties":{"result":{"type":"array"}}"#))
            let old = await test.client(3, revision: .r2025_03_26).ask("tools/list")
            #expect(old.contains("a__n") && !old.contains("outputSchema"))
        }
    }

    @Test("another configuration of servers and names reaches clients that stay connected")
    func update() async throws {
        let (a, b, other) = (Self.member("a"), Self.member("b"), Self.member("a"))
        try await AggregateUnderTest.with([a]) { test in
            let client = try await test.caller()
            _ = await client.ask("tools/call", #"{"name":"a__get"}"#)
            let plan = AggregateUnderTest.plan([(other, Exposure(prefix: "")), (b, Exposure())])
            let routes = await test.aggregation.apply(plan)
            #expect(routes.first?.callee === test.route.callee)
            #expect(await client.next() == "changed tools")
            #expect(await client.list("tools/list") == ["get", "b__get"])
            _ = await client.ask("tools/call", #"{"name":"get"}"#)
            #expect(other.calls.count == 1 && a.calls.count == 1)
            #expect(a.state.withLock { $0.observers.isEmpty })
        }
    }

    @Test("another separator reaches clients that stay connected; a reload that changes nothing tells them nothing")
    func updatedRules() async throws {
        let a = Self.member("a")
        try await AggregateUnderTest.with([a]) { test in
            let client = try await test.caller()
            _ = await test.aggregation.apply(AggregateUnderTest.plan([(a, Exposure())]))
            let rules = AggregateRules(names: NameRules(separator: "-"))
            _ = await test.aggregation.apply(AggregateUnderTest.plan([(a, Exposure())], rules: rules))
            #expect(await client.list("tools/list") == ["a-get"])
            try await client.onLoop { client.listChanged(.logging) }
            let heard = [await client.next(), await client.next(), await client.next(), await client.next()]
            #expect(heard == ["changed tools", "changed prompts", "changed resources", "changed logging"])
        }
    }
}
