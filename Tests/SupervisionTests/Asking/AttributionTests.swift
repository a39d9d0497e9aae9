import JSONRPC
import NIOCore
import TestSupport
import Testing

@testable import Supervision

@Suite struct AttributionTests {
    private static let (ann, bob) = (CallerID(1), CallerID(2))
    private static let later = Duration.seconds(100)
    private static let end = Duration.seconds(1000)

    private static func open(_ multiplexer: inout Multiplexer, _ caller: CallerID, _ id: Int, _ method: String) throws
        -> Int
    {
        let message = try Message(MessageBuilder.request(id: RequestID(id), method: method))
        let call = PendingCall(message, id: RequestID(id), caller: caller, sink: CollectingSink())
        return multiplexer.open(call, deadline: later, end: end).upstreamID
    }

    private static func word(_ attribution: Attribution) -> String {
        switch attribution {
        case .call(let id, _): "call \(id)"
        case .caller(let caller, let newest):
            "\(caller == ann ? "ann" : "bob") \(String(buffer: newest.id.json))"
        case .over: "over"
        case .nobody: "nobody"
        case .ambiguous: "ambiguous"
        }
    }

    @Test("[114] what the server says belongs to a call only if no other can be meant")
    func table() throws {
        var mux = Multiplexer()
        func now(_ during: Int? = nil) -> String {
            Self.word(mux.attribution(during: during.map { RequestID($0) }, now: .seconds(1)))
        }
        #expect(now() == "nobody")
        let first = try Self.open(&mux, Self.ann, 10, "tools/call")
        #expect(now() == "call \(first)")
        let second = try Self.open(&mux, Self.ann, 11, "tools/list")
        // The newest that is likely to ask.
        #expect(now() == "ann 10")
        let third = try Self.open(&mux, Self.bob, 10, "tools/call")
        #expect(now() == "ambiguous")
        // On the stream of an answer it is certain all the same.
        #expect(now(third) == "call \(third)" && now(second) == "call \(second)")
        _ = mux.remove(third)
        #expect(now(third) == "over" && now() == "ann 10")
        _ = mux.remove(first)
        #expect(now() == "call \(second)")
    }

    @Test("[114] a call that was cancelled may still be what the server speaks of, for a while or until it answers")
    func echoes() throws {
        var mux = Multiplexer()
        let first = try Self.open(&mux, Self.bob, 1, "tools/call")
        let second = try Self.open(&mux, Self.ann, 2, "tools/call")
        _ = mux.cancel(RequestID(1), by: Self.bob, now: .seconds(1))
        #expect(Self.word(mux.attribution(during: nil, now: .seconds(2))) == "ambiguous")
        #expect(Self.word(mux.attribution(during: nil, now: .seconds(40))) == "call \(second)")
        let late = try Message(MessageBuilder.result(id: RequestID(first), ByteBuffer(string: "{}")))
        expect(mux.close(answeredBy: late) == nil, is: true)
        #expect(Self.word(mux.attribution(during: nil, now: .seconds(2))) == "call \(second)")
        // One of the same caller's leaves no doubt who is meant.
        _ = try Self.open(&mux, Self.ann, 3, "tools/call")
        _ = mux.cancel(RequestID(2), by: Self.ann, now: .seconds(2))
        #expect(Self.word(mux.attribution(during: nil, now: .seconds(3))) == "ann 3")
    }

    @Test("[131] a call whose time is up is given up, unless its client is being asked meanwhile")
    func heldUp() throws {
        var mux = Multiplexer()
        let first = try Self.open(&mux, Self.ann, 1, "tools/call")
        let second = try Self.open(&mux, Self.bob, 1, "tools/call")
        let overdue = mux.removeAll(overdueAt: .seconds(100)) { call, _ in call == first }
        #expect(overdue.map(\.upstreamID) == [second])
        mux.extend(first, to: .seconds(200))
        expect(mux.removeAll(overdueAt: .seconds(199)).count, is: 0)
        mux.extendAll(of: Self.ann, to: .seconds(300))
        expect(mux.removeAll(overdueAt: .seconds(299)).count, is: 0)
        expect(mux.removeAll(overdueAt: .seconds(300)).map(\.upstreamID), is: [first])
    }

    @Test("[131] no progress and no question gives a call more time than the longest may take")
    func longest() throws {
        var mux = Multiplexer()
        let call = try Self.open(&mux, Self.ann, 1, "tools/call")
        let progress = MessageBuilder.notification(
            method: "notifications/progress", params: ByteBuffer(string: #"{"progressToken":\#(call),"progress":1}"#))
        _ = mux.progress(try Message(progress), extendingTo: .seconds(2000))
        mux.extend(call, to: .seconds(3000))
        mux.extendAll(of: Self.ann, to: .seconds(4000))
        expect(mux.removeAll(overdueAt: .seconds(999)) { _, _ in true }.count, is: 0)
        expect(mux.removeAll(overdueAt: Self.end) { _, _ in true }.map(\.upstreamID), is: [call])
    }

    @Test("of many calls that were cancelled the oldest are forgotten")
    func echoBound() {
        var echoes = Echoes()
        for call in 0..<Echoes.capacity { echoes.add(call, of: Self.ann, now: .zero) }
        echoes.add(-1, of: Self.bob, now: .zero)
        for call in 1..<Echoes.capacity { echoes.end(call) }
        #expect(echoes.areOnly(of: Self.bob, now: .zero))
        #expect(echoes.isEmpty(now: Echoes.lifetime))
    }
}
