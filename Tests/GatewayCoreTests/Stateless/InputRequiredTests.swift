import JSONRPC
import NIOCore
import Testing

@testable import GatewayCore

@Suite struct InputRequiredTests {
    private static func request(_ method: String, _ params: String) throws -> Message {
        try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":"s-1","method":"\#(method)","params":\#(params)}"#))
    }

    @Test(
        "[111] a server's request becomes an entry without its id and without what the revision does not have",
        arguments: [
            ("roots/list", "{}", #"{"method":"roots/list"}"#),
            (
                "sampling/createMessage", #"{"messages":[],"maxTokens":1e2,"_meta":{"progressToken":3}}"#,
                #"{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1e2}}"#
            ),
            (
                "elicitation/create", #"{"mode":"url","elicitationId":"e","url":"https://x","message":"m"}"#,
                #"{"method":"elicitation/create","params":{"mode":"url","url":"https://x","message":"m"}}"#
            ),
            (
                "elicitation/create",
                #"{"message":"m","requestedSchema":{},"task":{},"_meta":{"progressToken":1,"x":2}}"#,
                #"{"method":"elicitation/create","params":{"mode":"form","message":"m","requestedSchema":{},"#
                    + #""_meta":{"x":2}}}"#
            ),
        ])
    func entries(method: String, params: String, entry: String) throws {
        #expect(String(buffer: InputRequired.entry(for: try Self.request(method, params))) == entry)
    }

    @Test("a request made again is told from one that is not, and becomes what it was")
    func retry() throws {
        #expect(try InputRequired.Retry(Self.request("tools/call", #"{"name":"requestState"}"#)) == nil)
        let again = try Self.request(
            "tools/call",
            #"{"name":"t","inputResponses":{"a":{"action":"accept"}},"arguments":{"x":1},"requestState":"s"}"#)
        let retry = try #require(try InputRequired.Retry(again))
        #expect(retry.state == "s")
        #expect(retry.responses.map(\.key) == ["a"])
        #expect(retry.responses.map { String(buffer: $0.result) } == [#"{"action":"accept"}"#])
        #expect(
            String(buffer: retry.plain.bytes)
                == #"{"jsonrpc":"2.0","id":"s-1","method":"tools/call","params":{"name":"t","arguments":{"x":1}}}"#)
    }

    @Test(
        "what is no state, or no responses, is named",
        arguments: [
            (#"{"requestState":1}"#, "requestState"), (#"{"inputResponses":[]}"#, "inputResponses"),
            (#"{"inputResponses":{"a":1}}"#, "inputResponses"),
        ])
    func malformed(params: String, key: String) throws {
        let request = try Self.request("tools/call", params)
        let error = #expect(throws: InputRequired.Malformed.self) { try InputRequired.Retry(request) }
        #expect(error?.key == key)
    }

    @Test(
        "[107] a request is the same with its arguments in another order and spelled otherwise, and with others it is not",
        arguments: [
            (#"{"name":"t","arguments":{"b":[1, "A"],"a":{}}}"#, true),
            (#"{"arguments":{"a":{ },"b":[1,"\u0041"]},"name":"t","_meta":{"x":1}}"#, true),
            (#"{"name":"t","arguments":{"a":{},"b":[1,"B"]}}"#, false),
            (#"{"name":"t","arguments":{"a":{},"b":["A",1]}}"#, false),
            (#"{"name":"u","arguments":{"a":{},"b":[1,"A"]}}"#, false),
            (#"{"name":"t"}"#, false),
        ])
    func fingerprints(params: String, isSame: Bool) throws {
        let original = RequestFingerprint(
            try Self.request("tools/call", #"{"name":"t","arguments":{"a":{},"b":[1,"A"]}}"#))
        #expect((RequestFingerprint(try Self.request("tools/call", params)) == original) == isSame)
    }

    @Test("[107] a state is good once, for those it was given to, until its time is over")
    func states() throws {
        let holder = ParkedCalls.Holder(
            route: "r", principal: .anonymous,
            request: RequestFingerprint(try Self.request("tools/call", #"{"name":"t"}"#)))
        let other = ParkedCalls.Holder(route: "r", principal: .token(index: 0), request: holder.request)
        let elsewhere = ParkedCalls.Holder(route: "q", principal: .anonymous, request: holder.request)
        let now = NIODeadline.now()
        var parked = ParkedCalls(capacity: 2)
        let first = parked.park(.repetition(keys: ["k"]), for: holder, until: now + .seconds(1))
        let second = parked.park(.repetition(keys: []), for: holder, until: now + .seconds(2))
        let (state, late) = (try #require(first), try #require(second))
        #expect(state != late)
        let refused = parked.park(.repetition(keys: []), for: holder, until: now)
        #expect(refused == nil, "it is full")
        for (guess, by) in [(state, other), (state, elsewhere), (state + "x", holder), ("", holder)] {
            let taken = parked.redeem(guess, by: by, now: now)
            #expect(taken == nil)
        }
        let taken = parked.redeem(state, by: holder, now: now)
        #expect(taken != nil)
        let again = parked.redeem(state, by: holder, now: now)
        #expect(again == nil, "it was used")
        let tooLate = parked.redeem(late, by: holder, now: now + .seconds(2))
        #expect(tooLate == nil)
        let overdue = parked.removeAll(overdueAt: now + .seconds(2))
        #expect(overdue.count == 1)
        #expect(parked.count == 0)
    }

    @Test(
        "[91] a filter keeps what there is, each resource once",
        arguments: [
            (#"{"notifications":{}}"#, "{}"),
            (
                #"{"notifications":{"toolsListChanged":true,"promptsListChanged":false,"x":1}}"#,
                #"{"toolsListChanged":true}"#
            ),
            (
                #"{"notifications":{"resourceSubscriptions":["a","b","a"],"resourcesListChanged":true}}"#,
                #"{"resourcesListChanged":true,"resourceSubscriptions":["a","b"]}"#
            ),
        ])
    func filters(params: String, json: String) throws {
        #expect(String(buffer: try ListenFilter(params: ByteBuffer(string: params)).json) == json)
    }

    @Test(
        "what is no filter is refused",
        arguments: [
            "{}", #"{"notifications":[]}"#, #"{"notifications":{"toolsListChanged":1}}"#,
            #"{"notifications":{"resourceSubscriptions":"a"}}"#, #"{"notifications":{"resourceSubscriptions":[1]}}"#,
        ])
    func noFilters(params: String) {
        #expect(throws: (any Error).self) { try ListenFilter(params: ByteBuffer(string: params)) }
    }
}
