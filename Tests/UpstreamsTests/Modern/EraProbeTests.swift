import JSONRPC
import MCP
import NIOCore
import Supervision
import Testing

@testable import Upstreams

/// How it is found out over stdio what a server speaks.
@Suite struct EraProbeTests {
    private static func probe(_ era: ServerEra = .auto, remembered: RememberedEra? = nil) -> EraProbe {
        EraProbe(
            era, remembered: remembered, handshake: Handshake(gatewayName: "g", gatewayVersion: "1"),
            discovery: Discovery(author: ModernUnderTest.author))
    }

    private static func words(_ step: EraProbe.Step) -> String {
        switch step {
        case .wait: "wait"
        case .send(let lines): "send " + lines.map(method).joined(separator: ", ")
        case .modern(let description): "modern \(description.protocolVersion)"
        case .legacy(let description, _): "legacy \(description.protocolVersion)"
        case .fail(let reason): "fail: \(reason)"
        }
    }

    private static func method(_ line: ByteBuffer) -> String {
        guard let message = try? Message(line) else { return "nonsense" }
        return "\(message.methodName ?? "answer") \(message.id.map { String(buffer: $0.json) } ?? "")"
    }

    private static func step(_ probe: inout EraProbe, _ line: String) throws -> String {
        words(probe.step(try ModernUnderTest.message(line)))
    }

    private static let discovered =
        #"{"jsonrpc":"2.0","id":"discover","result":{"resultType":"complete","supportedVersions":["2026-07-28"],"#
        + #""capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private"}}"#
    private static let initialized =
        #"{"jsonrpc":"2.0","id":"initialize","result":{"protocolVersion":"2025-06-18","capabilities":{}}}"#
    private static func error(_ code: Int, id: String = "discover", data: String? = nil) -> String {
        #"{"jsonrpc":"2.0","id":"\#(id)","error":{"code":\#(code),"message":"m"\#(data.map { #","data":\#($0)"# } ?? "")}}"#
    }

    @Test("[132] a server that says what it is, is never sent initialize")
    func modern() throws {
        var probe = Self.probe()
        #expect(Self.method(probe.begin()) == #"server/discover "discover""#)
        #expect(probe.isUnanswered && probe.hasPatience)
        #expect(try Self.step(&probe, Self.discovered) == "modern 2026-07-28")
        #expect(!probe.isUnanswered)
    }

    @Test(
        "[133] any other error means a legacy server, whatever its code",
        arguments: [-32601, -32602, -32600, -32603, -32000, -32001, -32002, -32019, -32023, 0, 1, 404])
    func legacy(code: Int) throws {
        var probe = Self.probe()
        _ = probe.begin()
        #expect(try Self.step(&probe, Self.error(code)) == #"send initialize "initialize""#)
        #expect(try Self.step(&probe, Self.initialized) == "legacy 2025-06-18")
    }

    @Test("[133] a result of another kind, or one that offers only legacy revisions, means a legacy server")
    func otherResult() throws {
        for result in ["{}", "[]", "null", #"{"supportedVersions":["2025-11-25"],"capabilities":{}}"#] {
            var probe = Self.probe()
            _ = probe.begin()
            #expect(
                try Self.step(&probe, #"{"jsonrpc":"2.0","id":"discover","result":\#(result)}"#)
                    == #"send initialize "initialize""#)
        }
    }

    @Test("[133] after silence initialize goes down the same pipe, and a late answer changes nothing")
    func silence() throws {
        var probe = Self.probe()
        _ = probe.begin()
        #expect(Self.words(probe.silent()) == #"send initialize "initialize""#)
        #expect(try Self.step(&probe, Self.error(-32601)) == "wait")
        #expect(try Self.step(&probe, Self.initialized) == "legacy 2025-06-18")
        #expect(Self.words(probe.silent()) == "wait")
    }

    @Test("[133] one that was only slow and takes initialize as well is spoken to as it likes")
    func slowDual() throws {
        var probe = Self.probe()
        _ = probe.begin()
        _ = probe.silent()
        #expect(try Self.step(&probe, Self.discovered) == "wait")
        #expect(try Self.step(&probe, Self.initialized) == "legacy 2025-06-18")
    }

    @Test("[132] one that was only slow and refuses initialize is modern")
    func slowModern() throws {
        var probe = Self.probe()
        _ = probe.begin()
        _ = probe.silent()
        #expect(try Self.step(&probe, Self.discovered) == "wait")
        #expect(try Self.step(&probe, Self.error(-32022, id: "initialize")) == "modern 2026-07-28")
    }

    @Test("[135] a server that offers the very version it refused is asked once more, and then no more")
    func again() throws {
        var probe = Self.probe()
        _ = probe.begin()
        let offer = #"{"supported":["2027-01-01","2026-07-28"],"requested":"2026-07-28"}"#
        #expect(
            try Self.step(&probe, Self.error(-32022, data: offer)) == #"send server/discover "discover-again""#)
        // The first question is over.
        #expect(try Self.step(&probe, Self.discovered) == "wait")
        #expect(
            try Self.step(&probe, Self.error(-32022, id: "discover-again", data: offer)).hasPrefix("fail: "))
    }

    @Test("[135] one that offers a legacy revision in its error gets initialize; one that offers none of ours, nothing")
    func offers() throws {
        var legacy = Self.probe()
        _ = legacy.begin()
        #expect(
            try Self.step(&legacy, Self.error(-32022, data: #"{"supported":["2025-11-25"]}"#))
                == #"send initialize "initialize""#)
        for data in [#"{"supported":["2027-01-01"]}"#, #"{"supported":[]}"#, "{}", nil] {
            var probe = Self.probe()
            _ = probe.begin()
            #expect(try Self.step(&probe, Self.error(-32022, data: data)).hasPrefix("fail: it "))
        }
        for code in [-32020, -32021] {
            var probe = Self.probe()
            _ = probe.begin()
            #expect(try Self.step(&probe, Self.error(code)).contains("\(code)"))
        }
    }

    @Test("a legacy server that is known or configured is sent initialize at once")
    func remembered() throws {
        for probe in [Self.probe(remembered: .legacy), Self.probe(.legacy), Self.probe(.legacy, remembered: .modern)] {
            var probe = probe
            #expect(Self.method(probe.begin()) == #"initialize "initialize""#)
            #expect(!probe.isUnanswered && !probe.hasPatience)
            #expect(try Self.step(&probe, Self.initialized) == "legacy 2025-06-18")
        }
    }

    @Test("one that was legacy and refuses initialize now is asked what it is, unless that is configured")
    func updated() throws {
        var probe = Self.probe(remembered: .legacy)
        _ = probe.begin()
        #expect(try Self.step(&probe, Self.error(-32601, id: "initialize")) == #"send server/discover "discover""#)
        #expect(try Self.step(&probe, Self.discovered) == "modern 2026-07-28")
        var configured = Self.probe(.legacy)
        _ = configured.begin()
        #expect(
            try Self.step(&configured, Self.error(-32601, id: "initialize")) == "fail: it refused initialize: m")
    }

    @Test("one that refuses both is of no use, and says why")
    func refusesBoth() throws {
        var probe = Self.probe()
        _ = probe.begin()
        _ = try Self.step(&probe, Self.error(-32601))
        #expect(try Self.step(&probe, Self.error(-32000, id: "initialize")) == "fail: it refused initialize: m")
    }

    @Test("one that has to be modern is never sent initialize")
    func configuredModern() throws {
        var probe = Self.probe(.modern, remembered: .legacy)
        #expect(Self.method(probe.begin()) == #"server/discover "discover""#)
        #expect(!probe.hasPatience && Self.words(probe.silent()) == "wait")
        #expect(try Self.step(&probe, Self.error(-32601)).contains(#"is "era" really "modern"?"#))
    }

    @Test("a ping is answered at any time, and what else comes is no answer")
    func asides() throws {
        var probe = Self.probe()
        _ = probe.begin()
        #expect(try Self.step(&probe, #"{"jsonrpc":"2.0","id":5,"method":"ping"}"#) == "send answer 5")
        #expect(try Self.step(&probe, #"{"jsonrpc":"2.0","method":"notifications/message"}"#) == "wait")
        #expect(try Self.step(&probe, #"{"jsonrpc":"2.0","id":9,"result":{}}"#) == "wait")
        #expect(probe.isUnanswered)
    }

    @Test("what a server was is remembered for a week, and only as long as it is run in the same way")
    func memory() {
        let clock = Clock()
        let memory = EraMemory(store: nil) { clock.seconds }
        func specification(_ arguments: [String]) -> ServerSpecification {
            ServerSpecification(name: "s", launch: .process(ProcessCommand(command: "c", arguments: arguments)))
        }
        #expect(memory.era(of: specification([])) == nil)
        memory.remember(.legacy, of: specification([]))
        #expect(memory.era(of: specification([])) == .legacy && memory.era(of: specification(["x"])) == nil)
        clock.seconds += EraMemory.lifetime - 1
        memory.remember(.legacy, of: specification([]))
        #expect(memory.era(of: specification([])) == .legacy)
        clock.seconds += 1
        #expect(memory.era(of: specification([])) == nil)
        memory.remember(.modern, of: specification([]))
        #expect(memory.era(of: specification([])) == .modern)
        memory.remember(nil, of: specification([]))
        #expect(memory.era(of: specification([])) == nil)
    }

    private final class Clock: @unchecked Sendable {
        // One test, one thread.
        var seconds = 1_000_000
    }
}
