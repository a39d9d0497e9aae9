import JSONRPC
import NIOCore
import Supervision
import Testing

@testable import GatewayMetrics

@Suite("meters of calls")
struct OperationMeterTests {
    private let meters = Meters()

    private struct Nowhere: CallerSink {
        func deliver(_ message: ByteBuffer) -> Bool { true }
        func finish(_ answer: Answer) {}
    }

    private func ask(_ request: String, _ answer: String) throws {
        let sink = meters.towards(server: "a").following(try Message(ByteBuffer(string: request)), into: Nowhere())
        sink.finish(.message(ByteBuffer(string: answer)))
    }

    private func call(_ tool: String) throws {
        try ask(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)"}}"#,
            #"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#)
    }

    private func list(_ tools: [String]) throws {
        let tools = tools.map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
        try ask(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
            #"{"jsonrpc":"2.0","id":1,"result":{"tools":[\#(tools)]}}"#)
    }

    private var counts: [Substring] {
        meters.text(with: [], of: ["a"]).split(separator: "\n").filter { $0.contains("_count{") }
    }

    private static func count(tool: String, _ count: Int) -> Substring {
        #"mcp_client_operation_duration_seconds_count{server="a",mcp_method_name="tools/call",gen_ai_tool_name="\#(tool)"} \#(count)"#
    }

    @Test("a tool has a label of its own from when the server has listed it")
    func known() throws {
        try call("one")
        try list(["one"])
        for tool in ["one", "one", "two"] { try call(tool) }
        #expect(counts.contains(Self.count(tool: "one", 2)) && counts.contains(Self.count(tool: "_unknown", 2)))
        try list(["one", "two"])
        try call("two")
        #expect(counts.contains(Self.count(tool: "two", 1)))
    }

    @Test("notifications that reached nobody are counted by why")
    func drops() {
        let meter = meters.towards(server: "a")
        for reason in [DroppedNotification.unknown, .unattributed, .unknown] {
            meter.notificationDropped(because: reason)
        }
        let lines = meters.text(with: [], of: ["a"]).split(separator: "\n").filter { $0.contains("_dropped_total") }
        #expect(
            lines.dropFirst() == [
                "# TYPE mcp_gateway_notifications_dropped_total counter",
                #"mcp_gateway_notifications_dropped_total{server="a",reason="unattributed"} 1"#,
                #"mcp_gateway_notifications_dropped_total{server="a",reason="unknown"} 2"#,
            ])
    }

    @Test("names that clients and servers make up do not grow without bound")
    func bounded() throws {
        try list((0..<2000).map { "tool\($0)" })
        for number in 0..<2000 { try call("tool\(number)") }
        for number in 0..<2000 {
            try ask(
                #"{"jsonrpc":"2.0","id":1,"method":"made/up\#(number)"}"#,
                #"{"jsonrpc":"2.0","id":1,"error":{"code":\#(number),"message":""}}"#)
        }
        #expect(counts.count <= OperationMeter.seriesLimit + 2 * MethodLabel.allCases.count)
        #expect(counts.contains(Self.count(tool: "_unknown", 2000 - KnownTools.limit)))
    }

    @Test("what is gone is forgotten, and begins anew when it comes back")
    func forgotten() throws {
        try list(["one"])
        try call("one")
        _ = meters.text(with: [], of: [])
        #expect(counts.isEmpty && meters.p95(of: "a") == nil)
        try list(["one"])
        try call("one")
        #expect(counts.contains(Self.count(tool: "one", 1)))
    }
}
