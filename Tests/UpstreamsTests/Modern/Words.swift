import JSONRPC
import MCP
import NIOCore
import Supervision

@testable import Upstreams

/// What a conversation wants done, in words.
enum Words {
    static func of(_ effects: [ModernConversation.Effect]) -> [String] { effects.map(of) }

    static func of(_ effect: ModernConversation.Effect) -> String {
        switch effect {
        case .send(let request): "send \(withoutMeta(String(buffer: request.line)))"
        case .cancel(let id): "cancel \(String(buffer: id.json))"
        case .report(let event): of(event)
        case .wake(let alarm, let time): "wake \(of(alarm)) after \(Int(time / .milliseconds(1))) ms"
        case .mistaken(let reason): "mistaken: \(reason)"
        }
    }

    private static func of(_ alarm: ModernConversation.Alarm) -> String {
        switch alarm {
        case .pause(let id): "call \(String(buffer: id.json))"
        case .listen: "listen"
        case .tools: "tools"
        }
    }

    private static func of(_ event: UpstreamEvent) -> String {
        switch event {
        case .message(let message, let call):
            "report \(String(buffer: message.bytes))\(call.map { " during \(String(buffer: $0.json))" } ?? "")"
        case .unsent(let line): "unsent \(String(buffer: line))"
        case .callLost(let id, let reason): "lost \(String(buffer: id.json)): \(reason)"
        case .unusableOutput(let line): "unusable for \(line.answeredID.map { String(buffer: $0.json) } ?? "nobody")"
        case .oversizedMessage(let id): "oversized for \(id.map { String(buffer: $0.json) } ?? "nobody")"
        case .toolsHidden(let tools): "hidden \(tools.map { "\($0.name): \($0.reason)" }.joined(separator: ", "))"
        case .spawned, .ready, .unusable, .standardError, .probeComplaint, .ended: "\(event)"
        }
    }

    /// What every request says of itself is left out, so that a test shows what it is about.
    static func withoutMeta(_ line: String) -> String {
        let own =
            #""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":"#
        guard let start = line.firstRange(of: own) else { return line }
        return line[..<start.lowerBound] + "…" + String(line[start.upperBound...])
    }
}

/// A conversation with a server that the test plays.
struct ModernUnderTest {
    static let author = RequestAuthor(gatewayName: "gateway", gatewayVersion: "1")

    var conversation: ModernConversation
    var now = Duration.seconds(100)

    init(_ capabilities: String = #"{"tools":{}}"#, isOverHTTP: Bool = false) throws {
        let description = try ServerDescription(
            kept: ByteBuffer(string: #"{"protocolVersion":"2026-07-28","capabilities":\#(capabilities)}"#))
        conversation = ModernConversation(
            with: "played", as: description, author: Self.author, isOverHTTP: isOverHTTP, nonce: 0xABC)
    }

    static func message(_ line: String) throws -> Message { try Message(ByteBuffer(string: line)) }

    static func profile(
        _ capabilities: String = #"{"sampling":{},"elicitation":{"form":{},"url":{}},"roots":{"listChanged":true}}"#
    ) -> ClientProfile {
        ClientProfile(
            principal: PrincipalKey([]), capabilities: ClientCapabilities(json: ByteBuffer(string: capabilities)),
            clientInfo: ByteBuffer(string: #"{"name":"c"}"#))
    }

    mutating func begin() -> [String] { Words.of(conversation.begin(now: now)) }

    /// The managed server says this.
    mutating func send(_ line: String, _ context: CallContext = CallContext(profile: profile())) throws -> [String] {
        Words.of(conversation.send(try Self.message(line), context, now: now))
    }

    /// The server says this.
    mutating func receive(_ line: String, on stream: String? = nil) throws -> [String] {
        Words.of(
            conversation.received(
                try Self.message(line), on: stream.map { RequestID(json: ByteBuffer(string: $0)) }, now: now, jitter: 0)
        )
    }

    mutating func lose(_ id: String, isUnsent: Bool = false) -> [String] {
        Words.of(
            conversation.lost(
                RequestID(json: ByteBuffer(string: id)), "broke", isUnsent: isUnsent, now: now, jitter: 0))
    }

    mutating func ring(_ alarm: ModernConversation.Alarm) -> [String] {
        Words.of(conversation.rang(alarm, now: now, jitter: 0))
    }

    static func call(_ id: Int, _ method: String = "tools/call", _ params: String = #"{"name":"t"}"#) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#
    }

    static func result(_ id: String, _ result: String) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
    }
}
