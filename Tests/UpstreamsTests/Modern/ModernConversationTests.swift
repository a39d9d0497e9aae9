import JSONRPC
import MCP
import NIOCore
import Supervision
import Testing

@testable import Upstreams

/// How what is said as to a server of MCP 2025-11-25 becomes a conversation with one of 2026-07-28.
@Suite struct ModernConversationTests {
    private typealias Test = ModernUnderTest
    private static let ask =
        #"{"resultType":"input_required","inputRequests":{"k":{"method":"elicitation/create","params":{"message":"?"}}},"#
        + #""requestState":"s"}"#

    @Test("[145] a call goes under its own id, and its result comes back as it is")
    func plain() throws {
        var test = try Test()
        #expect(test.begin() == [])
        let sent = try test.send(Test.call(1))
        #expect(sent.count == 1 && sent[0].hasPrefix(#"send {"jsonrpc":"2.0","id":1,"method":"tools/call""#))
        for result in [#"{"resultType":"complete","content":[],"x":1.0}"#, #"{"content":[]}"#] {
            _ = try test.send(Test.call(2))
            let line = Test.result("2", result)
            #expect(try test.receive(line) == ["report \(line)"])
        }
        // What comes twice, or for nobody, is for nobody.
        #expect(try test.receive(Test.result("2", "{}")) == [])
    }

    @Test("[145] a result of an unknown kind is an error for the caller, unless its client declared the extension")
    func unknownKind() throws {
        var test = try Test()
        _ = try test.send(Test.call(1))
        #expect(
            try test.receive(Test.result("1", #"{"resultType":"task","x":1}"#)) == [
                #"report {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"server \"played\" gave a result of a kind that nobody here knows: task"}}"#
            ])
        let profile = Test.profile(#"{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#)
        _ = try test.send(Test.call(2), CallContext(profile: profile))
        let line = Test.result("2", #"{"resultType":"task"}"#)
        #expect(try test.receive(line) == ["report \(line)"])
    }

    @Test("ping, setLevel and the client's other notifications are never sent on")
    func local() throws {
        var test = try Test()
        let pinged = try test.send(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
        #expect(pinged.count == 1 && pinged[0].contains(#""id":"own-1","method":"server/discover""#))
        #expect(
            try test.receive(Test.result(#""own-1""#, #"{"supportedVersions":[]}"#))
                == [#"report {"jsonrpc":"2.0","id":1,"result":{}}"#])
        #expect(
            try test.send(#"{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"info"}}"#)
                == [#"report {"jsonrpc":"2.0","id":2,"result":{}}"#])
        #expect(try test.send(#"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"#) == [])
        // A server that has forgotten how to say what it is, is another server.
        _ = try test.send(#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#)
        #expect(
            try test.receive(#"{"jsonrpc":"2.0","id":"own-2","error":{"code":-32601,"message":"x"}}"#)
                == ["mistaken: it does not speak MCP 2026-07-28 any more"])
    }

    @Test("[100] what the server wants to know is asked of the client, and the call is repeated with the answer")
    func inputs() throws {
        var test = try Test()
        _ = try test.send(Test.call(7, "tools/call", #"{"name":"t","_meta":{"progressToken":7}}"#))
        #expect(
            try test.receive(Test.result("7", Self.ask)) == [
                #"report {"jsonrpc":"2.0","id":"input-1","method":"elicitation/create","params":{"message":"?"}} during 7"#
            ])
        #expect(
            try test.send(Test.result(#""input-1""#, #"{"action":"decline"}"#)) == [
                #"send {"jsonrpc":"2.0","id":"7/2","method":"tools/call","params":{"name":"t","#
                    + #""inputResponses":{"k":{"action":"decline"}},"requestState":"s","_meta":{…"#
                    + #"{"sampling":{},"elicitation":{"form":{},"url":{}},"roots":{}},"#
                    + #""io.modelcontextprotocol/clientInfo":{"name":"c"},"progressToken":7}}}"#
            ])
        // An answer to the first request would come too late.
        #expect(try test.receive(Test.result("7", "{}")) == [])
        #expect(
            try test.receive(Test.result(#""7/2""#, #"{"resultType":"complete","a":1}"#))
                == [#"report {"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","a":1}}"#])
    }

    @Test("[102] a client that refuses ends the call: a tool's result says so, elsewhere it is the client's error")
    func refusal() throws {
        var test = try Test()
        let error = #"{"jsonrpc":"2.0","id":"input-1","error":{"code":-1,"message":"no","data":5}}"#
        _ = try test.send(Test.call(1))
        _ = try test.receive(Test.result("1", Self.ask))
        #expect(
            try test.send(error) == [
                #"report {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"the client did not give what server \"played\" asked of it: no"}],"isError":true}}"#
            ])
        _ = try test.send(Test.call(2, "prompts/get", #"{"name":"p"}"#))
        _ = try test.receive(Test.result("2", Self.ask))
        #expect(
            try test.send(error.replacing("input-1", with: "input-2"))
                == [#"report {"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"no","data":5}}"#])
    }

    @Test("[101] a client that cannot be asked is not asked, and the call ends")
    func undeclared() throws {
        var test = try Test()
        for profile in [nil, Test.profile("{}")] {
            _ = try test.send(Test.call(1), CallContext(profile: profile))
            let reported = try test.receive(Test.result("1", Self.ask))
            #expect(reported.count == 1 && reported[0].contains(#""isError":true"#))
            #expect(reported[0].contains("asked for elicitation, which its client did not offer"))
        }
    }

    @Test("[88] a client of this revision that cannot be asked is told what it would have to declare")
    func undeclaredByModern() throws {
        var test = try Test()
        let profile = ClientProfile(
            principal: .gateway, capabilities: ClientCapabilities(json: ByteBuffer(string: "{}")),
            revision: .newestModern)
        for method in ["tools/call", "prompts/get"] {
            _ = try test.send(Test.call(1, method), CallContext(profile: profile))
            let reported = try test.receive(Test.result("1", Self.ask))
            #expect(reported.count == 1 && reported[0].contains(#""code":-32021"#))
            #expect(reported[0].contains(#""data":{"requiredCapabilities":{"elicitation":{"form":{}}}}"#))
        }
    }

    @Test("[88] [101] a server's own word on a missing capability is a result for clients that know no such error")
    func missingCapability() throws {
        let error =
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"m","data":{"requiredCapabilities":{"roots":{}}}}}"#
        var test = try Test()
        _ = try test.send(Test.call(1), CallContext(profile: Test.profile("{}")))
        let told = try test.receive(error)
        #expect(told.count == 1 && told[0].contains(#""isError":true"#) && told[0].contains("needs roots"))
        _ = try test.send(Test.call(1, "prompts/get", #"{"name":"p"}"#), CallContext(profile: Test.profile("{}")))
        let refused = try test.receive(error)
        #expect(refused.count == 1 && refused[0].contains("-32603") && !refused[0].contains("-32021"))
        let modern = ClientProfile(principal: .gateway, revision: .newestModern)
        _ = try test.send(Test.call(1), CallContext(profile: modern))
        #expect(try test.receive(error) == ["report \(error)"])
    }

    @Test("[103] a state alone goes back after a pause, without a word to the client")
    func stateOnly() throws {
        var test = try Test()
        _ = try test.send(Test.call(1, "resources/read", #"{"uri":"a"}"#))
        #expect(
            try test.receive(Test.result("1", #"{"resultType":"input_required","requestState":"x"}"#))
                == ["wake call 1 after 50 ms"])
        let again = test.ring(.pause(RequestID(1)))
        #expect(again.count == 1 && again[0].contains(#""id":"1/2","method":"resources/read""#))
        #expect(again[0].contains(#""requestState":"x""#) && !again[0].contains("inputResponses"))
        // The same bell again rings for nobody.
        #expect(test.ring(.pause(RequestID(1))) == [])
    }

    @Test("[110] only three methods may ask for input")
    func otherMethods() throws {
        var test = try Test()
        _ = try test.send(Test.call(1, "tools/list", "{}"))
        let reported = try test.receive(Test.result("1", Self.ask))
        #expect(reported.count == 1 && reported[0].contains("-32603"))
    }

    @Test("[104] a call that is cancelled while its client is asked leaves nothing behind")
    func cancelled() throws {
        var test = try Test()
        let cancellation = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
        _ = try test.send(Test.call(1))
        #expect(try test.send(cancellation) == ["cancel 1"])
        _ = try test.send(Test.call(1))
        _ = try test.receive(Test.result("1", Self.ask))
        #expect(try test.send(cancellation) == [])
        #expect(try test.send(Test.result(#""input-1""#, "{}")) == [])
        #expect(test.conversation.calls.isEmpty && test.conversation.questions.isEmpty)
        #expect(test.conversation.purposes.isEmpty)
        _ = try test.send(Test.call(1))
        _ = try test.receive(Test.result("1", Self.ask))
        _ = try test.send(Test.result(#""input-2""#, "{}"))
        #expect(try test.send(cancellation) == [#"cancel "1/2""#])
        #expect(test.conversation.purposes.isEmpty)
    }

    @Test("[87] progress reaches its call, and goes on over all rounds")
    func progress() throws {
        func progress(_ value: String) -> String {
            #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":\#(value)}}"#
        }
        var test = try Test()
        _ = try test.send(Test.call(1, "tools/call", #"{"name":"t","_meta":{"progressToken":1}}"#))
        #expect(try test.receive(progress("1")) == ["report \(progress("1")) during 1"])
        #expect(try test.receive(progress("2.5")).count == 1)
        _ = try test.receive(Test.result("1", Self.ask))
        _ = try test.send(Test.result(#""input-1""#, "{}"))
        #expect(try test.receive(progress("1")) == [])
        #expect(try test.receive(progress("2.5")) == [])
        #expect(try test.receive(progress("3"), on: #""1/2""#) == ["report \(progress("3")) during 1"])
        #expect(try test.receive(progress("\"many\"")) == [])
    }

    @Test("[79] what a server asks outside of a result is not answered")
    func forbidden() throws {
        var test = try Test()
        #expect(try test.receive(#"{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}"#) == [])
    }

    @Test("a log message names the call on whose stream it came, even when the call was repeated")
    func logs() throws {
        var test = try Test()
        let log = #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}"#
        _ = try test.send(Test.call(1))
        #expect(try test.receive(log, on: "1") == ["report \(log) during 1"])
        #expect(try test.receive(log) == ["report \(log)"])
        _ = try test.receive(Test.result("1", Self.ask))
        _ = try test.send(Test.result(#""input-1""#, "{}"))
        #expect(try test.receive(log, on: #""1/2""#) == ["report \(log) during 1"])
    }

    // MARK: News

    @Test("[93] list changes and updates come out as a server of MCP 2025-11-25 tells them")
    func news() throws {
        var test = try Test(#"{"tools":{"listChanged":true},"resources":{"subscribe":true}}"#)
        let begun = test.begin()
        #expect(
            begun.count == 2
                && begun[0].contains(
                    #""method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true}"#)
        )
        func meta(_ id: String) -> String { #""_meta":{"io.modelcontextprotocol/subscriptionId":"\#(id)"}"# }
        func changed(_ id: String) -> String {
            #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{\#(meta(id))}}"#
        }
        func acknowledge(_ id: String, _ filter: String) -> String {
            #"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":\#(filter),\#(meta(id))}}"#
        }
        // Nothing counts before the acknowledgement.
        #expect(try test.receive(changed("listen-1")) == [])
        #expect(try test.receive(acknowledge("listen-1", #"{"toolsListChanged":true}"#)) == [])
        #expect(
            try test.receive(changed("listen-1"))
                == [#"report {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#])
        #expect(try test.receive(changed("listen-9")) == [])

        let subscribed = try test.send(#"{"jsonrpc":"2.0","id":5,"method":"resources/subscribe","params":{"uri":"a"}}"#)
        #expect(subscribed.count == 2 && subscribed[0].contains(#""resourceSubscriptions":["a"]"#))
        #expect(
            try test.receive(acknowledge("listen-2", #"{"toolsListChanged":true,"resourceSubscriptions":["a"]}"#))
                == [#"cancel "listen-1""#, #"report {"jsonrpc":"2.0","id":5,"result":{}}"#])
        #expect(
            try test.receive(
                #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a","x":1,\#(meta("listen-2"))}}"#
            )
                == [#"report {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a","x":1}}"#])
        // What the older one had to tell before that may come only now.
        #expect(
            try test.receive(changed("listen-1"))
                == [#"report {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#])
        #expect(
            try test.receive(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"listen-2"}}"#)
                == ["wake listen after 1000 ms"])
        #expect(test.ring(.listen).count == 2)
        let acknowledged = try test.receive(
            acknowledge("listen-3", #"{"toolsListChanged":true,"resourceSubscriptions":["a"]}"#))
        #expect(
            acknowledged == [
                #"report {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#,
                #"report {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a"}}"#,
            ])
    }

    // MARK: Over HTTP

    private static let annotated =
        #"{"resultType":"complete","tools":[{"name":"t","inputSchema":{"properties":{"r":{"type":"string","x-mcp-header":"R"}}}},"#
        + #"{"name":"bad","inputSchema":{"properties":{"r":{"type":"number","x-mcp-header":"R"}}}}],"ttlMs":5}"#

    @Test("[141] over HTTP the tools are listed first, page by page, and calls wait for that")
    func listing() throws {
        var test = try Test(isOverHTTP: true)
        let begun = test.begin()
        #expect(begun.count == 2 && begun[0].contains(#""id":"own-1","method":"tools/list""#))
        #expect(try test.send(Test.call(1)) == [])
        #expect(try test.send(Test.call(2, "prompts/list", "{}")).count == 1)
        let page = try test.receive(
            Test.result(#""own-1""#, #"{"tools":[],"nextCursor":"c"}"#), on: #""own-1""#)
        #expect(page.count == 1 && page[0].contains(#""params":{"cursor":"c","#))
        let released = try test.receive(Test.result(#""own-2""#, Self.annotated))
        #expect(released.count == 2 && released[1].hasPrefix(#"send {"jsonrpc":"2.0","id":1,"#))
        #expect(released[0].hasPrefix("hidden bad: "))
    }

    @Test("[141] the fields of a call are those of its tool")
    func fields() throws {
        var test = try Test(isOverHTTP: true)
        _ = test.begin()
        _ = try test.receive(Test.result(#""own-1""#, Self.annotated))
        let message = try Test.message(Test.call(1, "tools/call", #"{"name":"t","arguments":{"r":"eu"}}"#))
        guard case .send(let request) = test.conversation.send(message, .none, now: .zero).first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(request.parameters.map { "\($0.name): \($0.value)" } == ["Mcp-Param-R: eu"])
    }

    @Test("[142] tools that must not be seen are left out of the list, and everything else stays")
    func dropped() throws {
        var test = try Test(isOverHTTP: true)
        _ = try test.send(Test.call(1, "tools/list", "{}"))
        #expect(
            try test.receive(Test.result("1", Self.annotated)) == [
                #"report {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","tools":[{"name":"t","inputSchema":{"properties":{"r":{"type":"string","x-mcp-header":"R"}}}}],"ttlMs":5}}"#,
                #"hidden bad: the x-mcp-header of "r" stands beside another type than string, integer or boolean"#,
            ])
        // Who asks again gets the same, and nothing new is told.
        _ = try test.send(Test.call(2, "tools/list", "{}"))
        #expect(try test.receive(Test.result("2", Self.annotated)).count == 1)
        // Over stdio there are no header fields, so that nothing is wrong with them.
        var stdio = try Test()
        _ = try stdio.send(Test.call(1, "tools/list", "{}"))
        #expect(try stdio.receive(Test.result("1", Self.annotated)) == ["report \(Test.result("1", Self.annotated))"])
    }

    @Test("[143] a call whose header fields were refused is made once more with new ones, and then no more")
    func mismatch() throws {
        func refused(_ id: String) -> String {
            #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32020,"message":"Mcp-Param-R"}}"#
        }
        var test = try Test(isOverHTTP: true)
        _ = test.begin()
        _ = try test.receive(Test.result(#""own-1""#, #"{"tools":[]}"#))
        _ = try test.send(Test.call(1, "tools/call", #"{"name":"t","arguments":{"r":"eu"}}"#))
        let asked = try test.receive(refused("1"))
        #expect(asked.count == 2 && asked[0].contains(#""id":"own-2","method":"tools/list""#))
        let again = try test.receive(Test.result(#""own-2""#, Self.annotated))
        #expect(again.count == 2 && again[1].contains(#""id":"1/2","method":"tools/call""#))
        let ended = try test.receive(refused(#""1/2""#))
        #expect(ended.count == 1 && ended[0].contains(#""id":1,"error":{"code":-32603"#))
    }

    @Test("calls do not wait for ever for the list of tools, nor for one that fails")
    func listingFails() throws {
        for isLate in [true, false] {
            var test = try Test(isOverHTTP: true)
            _ = test.begin()
            _ = try test.send(Test.call(1))
            let released = isLate ? test.ring(.tools) : test.lose(#""own-1""#)
            #expect(released.count == 1 && released[0].hasPrefix(#"send {"jsonrpc":"2.0","id":1,"#))
        }
    }

    @Test("what is lost is reported under the id that the managed server knows")
    func lost() throws {
        var test = try Test()
        _ = try test.send(Test.call(1))
        #expect(test.lose("1", isUnsent: true) == ["unsent \(Test.call(1))"])
        _ = try test.send(Test.call(2))
        _ = try test.receive(Test.result("2", Self.ask))
        _ = try test.send(Test.result(#""input-1""#, "{}"))
        #expect(test.lose(#""2/2""#, isUnsent: true) == ["lost 2: broke"])
        _ = try test.send(#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#)
        #expect(test.lose(#""own-1""#) == ["lost 3: broke"])
        #expect(test.lose(#""own-1""#) == [])
    }

    @Test("[144] a server that does not speak the revision any more is opened anew")
    func mistaken() throws {
        var test = try Test()
        _ = try test.send(Test.call(1))
        let effects = try test.receive(#"{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"x"}}"#)
        #expect(effects.count == 2 && effects[0].contains("-32603"))
        #expect(effects.last == "mistaken: it does not speak MCP 2026-07-28 any more")
    }
}
