import FuzzSupport
import JSONRPC
import MCP
import NIOCore
import Testing

@testable import Upstreams

/// The rounds in which a call asks its client for input.
@Suite struct InputRoundsTests {
    private static let everything = ClientCapabilities(
        json: ByteBuffer(string: #"{"sampling":{},"elicitation":{"form":{},"url":{}},"roots":{}}"#))
    private static let form = #"{"method":"elicitation/create","params":{"message":"m"}}"#
    private static let url = #"{"method":"elicitation/create","params":{"mode":"url","url":"https://e"}}"#
    private static let sampling = #"{"method":"sampling/createMessage","params":{"messages":[]}}"#
    private static let roots = #"{"method":"roots/list"}"#

    private var rounds = InputRounds()
    private var ids = QuestionIDs(nonce: 0xABC)

    private mutating func required(
        _ result: String, of capabilities: ClientCapabilities = everything
    ) -> InputRounds.Step {
        rounds.required(ByteBuffer(string: result), of: capabilities, ids: &ids)
    }

    private mutating func answered(_ id: String, _ rest: String) throws -> InputRounds.Step {
        let message = try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":\#(id),\#(rest)}"#))
        return rounds.answered(try #require(message.id), by: message)
    }

    private static func requests(_ members: String, state: String? = nil) -> String {
        #"{"resultType":"input_required","inputRequests":{\#(members)}\#(state.map { #","requestState":\#($0)"# } ?? "")}"#
    }

    @Test("[100] everything is asked at once, and the call is repeated when the last answer is there")
    mutating func oneRound() throws {
        let step = required(
            Self.requests(#""a":\#(Self.form),"b":\#(Self.sampling),"c":\#(Self.roots)"#, state: #""s""#))
        guard case .ask(let questions) = step else { throw Unexpected() }
        #expect(questions.map(\.method) == ["elicitation/create", "sampling/createMessage", "roots/list"])
        #expect(
            questions.map { $0.params.map { String(buffer: $0) } } == [#"{"message":"m"}"#, #"{"messages":[]}"#, nil])
        #expect(try answered(#""input-3""#, #""result":{"roots":[]}"#) == .wait)
        #expect(try answered(#""input-1""#, #""result":{"action":"decline"}"#) == .wait)
        // A second answer to the same changes nothing.
        #expect(try answered(#""input-1""#, #""result":{"action":"accept"}"#) == .wait)
        #expect(
            try answered(#""input-2""#, #""result":{"role":"assistant"}"#)
                == .repeatCall(
                    InputAnswers(
                        responses: ByteBuffer(
                            string: #"{"a":{"action":"decline"},"b":{"role":"assistant"},"c":{"roots":[]}}"#),
                        state: ByteBuffer(string: #""s""#)), after: .zero))
    }

    @Test("[99] a round is answered with its own answers only, and without a state if it had none")
    mutating func secondRound() throws {
        _ = required(Self.requests(#""a":\#(Self.form)"#, state: #""s""#))
        _ = try answered(#""input-1""#, #""result":{"n":1}"#)
        _ = required(Self.requests(#""b":\#(Self.form)"#))
        // What was asked in the round before is not open any more.
        #expect(try answered(#""input-1""#, #""result":{"n":2}"#) == .wait)
        #expect(
            try answered(#""input-2""#, #""result":{"n":3}"#)
                == .repeatCall(InputAnswers(responses: ByteBuffer(string: #"{"b":{"n":3}}"#), state: nil), after: .zero)
        )
    }

    @Test("[111] a URL gets the id that MCP 2025-11-25 wants, and keeps one that it has")
    mutating func elicitationID() throws {
        guard case .ask(let questions) = required(Self.requests(#""a":\#(Self.url)"#)) else { throw Unexpected() }
        #expect(
            questions.first?.params.map { String(buffer: $0) }
                == #"{"mode":"url","url":"https://e","elicitationId":"abc-1"}"#)
        let named = #"{"method":"elicitation/create","params":{"mode":"url","elicitationId":"x"}}"#
        guard case .ask(let again) = required(Self.requests(#""a":\#(named)"#)) else { throw Unexpected() }
        #expect(again.first?.params.map { String(buffer: $0) } == #"{"mode":"url","elicitationId":"x"}"#)
    }

    @Test(
        "[101] nothing at all is asked when the client did not offer all of it",
        arguments: [
            ("{}", form), (#"{"elicitation":{}}"#, url), (#"{"elicitation":{"url":{}}}"#, form), ("{}", sampling),
            ("{}", roots),
            (
                #"{"sampling":{},"elicitation":{}}"#,
                #"{"method":"sampling/createMessage","params":{"messages":[],"tools":[]}}"#
            ),
        ])
    mutating func undeclared(capabilities: String, request: String) {
        let capabilities = ClientCapabilities(json: ByteBuffer(string: capabilities))
        let step = required(Self.requests(#""ok":\#(request),"x":\#(request)"#), of: capabilities)
        guard case .end(.undeclared(let reason, _)) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(reason.hasPrefix("asked for ") && reason.contains("did not offer"))
    }

    @Test("[102] a client's error ends the call, and what else was asked is forgotten")
    mutating func refused() throws {
        _ = required(Self.requests(#""a":\#(Self.form),"b":\#(Self.form)"#))
        let error = #"{"code":-1,"message":"no"}"#
        #expect(
            try answered(#""input-1""#, #""error":\#(error)"#) == .end(.refused(error: ByteBuffer(string: error))))
        #expect(try answered(#""input-2""#, #""result":{}"#) == .wait)
        #expect(rounds.open.isEmpty)
    }

    @Test("[103] a state without questions is given back after a pause that grows, up to a bound")
    mutating func stateOnly() {
        let state = ByteBuffer(string: #""s""#)
        for pause in [50, 100, 200, 250, 250] {
            #expect(
                required(#"{"resultType":"input_required","requestState":"s"}"#)
                    == .repeatCall(InputAnswers(responses: nil, state: state), after: .milliseconds(pause)))
        }
        #expect(
            required(#"{"inputRequests":{},"requestState":"s"}"#)
                == .repeatCall(InputAnswers(responses: nil, state: state), after: .milliseconds(250)))
    }

    @Test("[104] after ten rounds it is enough")
    mutating func cap() throws {
        for round in 1...InputRounds.limit {
            guard case .ask = required(Self.requests(#""a":\#(Self.form)"#)) else { throw Unexpected() }
            _ = try answered(#""input-\#(round)""#, #""result":{}"#)
        }
        #expect(
            required(Self.requests(#""a":\#(Self.form)"#)) == .end(.server("asked for input more than 10 times")))
    }

    @Test(
        "[110] what cannot be asked ends the call",
        arguments: [
            #"{"resultType":"input_required"}"#,
            #"{"resultType":"input_required","requestState":5}"#,
            #"{"resultType":"input_required","inputRequests":[]}"#,
            #"{"inputRequests":{"a":{"method":"ping"}}}"#,
            #"{"inputRequests":{"a":{"method":"elicitation/create"}}}"#,
            #"{"inputRequests":{"a":{"method":"elicitation/create","params":[]}}}"#,
            #"{"inputRequests":{"a":7}}"#,
            #"{"inputRequests":{"a":{"method":"roots/list"},"a":{"method":"roots/list"}}}"#,
        ])
    mutating func malformed(result: String) {
        guard case .end(.server) = required(result) else {
            Issue.record("it was not refused")
            return
        }
    }

    @Test("a random server and a random client: each question is answered once, and rounds have an end")
    mutating func walk() throws {
        for seed in Fuzzing.seeds(1...200) {
            var generator = SeededGenerator(seed: seed)
            (rounds, ids) = (InputRounds(), QuestionIDs(nonce: seed))
            var open: [String: String] = [:]
            var asked = 0
            for _ in 0..<100 {
                let step: InputRounds.Step
                if open.isEmpty {
                    asked += 1
                    let keys = (0..<Int.random(in: 0...4, using: &generator)).map { "k\($0)" }
                    step = required(
                        Self.requests(keys.map { #""\#($0)":\#(Self.form)"# }.joined(separator: ","), state: #""s""#))
                } else {
                    let id = generator.pick(open.keys.sorted() + ["\"stranger\""])
                    let isError = generator.chance(10)
                    step = try answered(id, isError ? #""error":{"code":1,"message":"x"}"# : #""result":{"id":\#(id)}"#)
                    guard let key = open.removeValue(forKey: id) else {
                        #expect(step == .wait)
                        continue
                    }
                    if !isError, !open.isEmpty { #expect(step == .wait, "\(key)") }
                }
                switch step {
                case .wait: #expect(!open.isEmpty)
                case .ask(let questions):
                    for question in questions { open[String(buffer: question.id.json)] = "asked" }
                    #expect(open.count == questions.count)
                case .repeatCall(let inputs, _):
                    #expect(open.isEmpty && inputs.state != nil)
                case .end:
                    open = [:]
                    if asked > InputRounds.limit { break }
                }
                #expect(Set(rounds.open.map { String(buffer: $0.json) }) == Set(open.keys))
            }
        }
    }

    private struct Unexpected: Error {}
}
