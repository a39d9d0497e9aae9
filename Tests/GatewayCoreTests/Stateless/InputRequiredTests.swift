import JSONRPC
import NIOCore
import Supervision
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
            (#"{"name":"t","arguments":{"a":[],"b":[1,"A"]}}"#, false),
            (#"{"name":"t","arguments":{"a":{},"b":["1","A"]}}"#, false),
        ])
    func fingerprints(params: String, isSame: Bool) throws {
        let original = RequestFingerprint(
            try Self.request("tools/call", #"{"name":"t","arguments":{"a":{},"b":[1,"A"]}}"#))
        #expect((RequestFingerprint(try Self.request("tools/call", params)) == original) == isSame)
    }

    @Test("[107] names that Unicode takes for the same are not")
    func exactFingerprints() throws {
        let (composed, decomposed) = (#"{"name":"\u00e9"}"#, #"{"name":"e\u0301"}"#)
        let one = RequestFingerprint(try Self.request("tools/call", composed))
        #expect(one != RequestFingerprint(try Self.request("tools/call", decomposed)))
        #expect(one == RequestFingerprint(try Self.request("tools/call", #"{"name":"é"}"#)))
    }

    private static func holder(
        _ route: String = "r", _ principal: String = "a", _ params: String = #"{"name":"t"}"#
    ) throws -> ParkedCalls.Holder {
        ParkedCalls.Holder(
            route: route, principal: PrincipalKey(Array(principal.utf8)),
            request: RequestFingerprint(try request("tools/call", params)))
    }

    @Test("[107] a state is good once, for those it was given to, until its time is over")
    func states() throws {
        let holder = try Self.holder()
        let now = NIODeadline.now()
        var parked = ParkedCalls(capacity: 2, perPrincipal: 2)
        let state = try parked.park(.repetition([]), for: holder, bytes: 1, until: now + .seconds(1))
        let late = try parked.park(.repetition([]), for: holder, bytes: 1, until: now + .seconds(2))
        #expect(state != late)
        let others = [
            try Self.holder("q"), try Self.holder("r", "b"), try Self.holder("r", "a", #"{"name":"u"}"#),
        ]
        for (guess, by) in others.map({ (state, $0) }) + [(state + "x", holder), ("", holder)] {
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

    @Test("nobody waits beyond the bounds: of all, of one principal, of bytes; and there is room again afterwards")
    func bounds() throws {
        let (one, other, third) = (try Self.holder(), try Self.holder("r", "b"), try Self.holder("r", "c"))
        let now = NIODeadline.now()
        var parked = ParkedCalls(capacity: 3, perPrincipal: 2)
        func park(_ holder: ParkedCalls.Holder, bytes: Int = 1, in parked: inout ParkedCalls) throws -> String {
            try parked.park(.repetition([]), for: holder, bytes: bytes, until: now + .seconds(1))
        }
        let first = try park(one, in: &parked)
        _ = try park(one, in: &parked)
        #expect(throws: ParkedCalls.Refusal.fullForPrincipal) { try park(one, in: &parked) }
        _ = try park(other, in: &parked)
        #expect(throws: ParkedCalls.Refusal.full) { try park(third, in: &parked) }
        _ = parked.redeem(first, by: one, now: now)
        _ = try park(one, in: &parked)
        _ = parked.removeAll(overdueAt: now + .seconds(1))
        let long = try park(one, bytes: ParkedCalls.byteLimit + 1, in: &parked)
        #expect(throws: ParkedCalls.Refusal.tooManyBytes) { try park(other, in: &parked) }
        _ = parked.redeem(long, by: one, now: now)
        _ = try park(other, in: &parked)
        #expect(parked.count == 1)
    }

    @Test(
        "[112] a client has been everywhere, or not yet, or does not want to",
        arguments: [
            (#"{"a":{"action":"accept"},"b":{"action":"accept"},"x":{}}"#, VisitedURLs.all),
            (#"{"a":{"action":"accept"}}"#, .missing), ("{}", .missing),
            (#"{"a":{"action":"decline"}}"#, .refused), (#"{"a":{"action":"accept"},"b":{}}"#, .refused),
            (#"{"a":{"action":"accept"},"b":{"action":"cancel"}}"#, .refused),
        ])
    func visits(answers: String, outcome: VisitedURLs) {
        let visits = ["a", "b"].map { (key: $0, request: ByteBuffer(string: "{}")) }
        let answers = JSONOutline.members(of: ByteBuffer(string: answers)) ?? []
        #expect(VisitedURLs(visits, answers: answers.map { (key: $0.key, result: $0.value) }) == outcome)
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
