internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// The opening of a connection over stdio to a server whose revision is not known: `server/discover`, and if that is not
/// understood, `initialize` (MCP 2026-07-28 "stdio", backward compatibility). A value: messages and the end of the wait
/// go in, what is to be done comes out.
///
/// ```
/// ┌─► asking ─ modern ─► done
/// │     └─ legacy, or silence ─► initializing ─ answered ─► done
/// └─ refused, and never asked ──────┘
/// ```
struct EraProbe {
    /// What to do.
    enum Step {
        /// Nothing yet.
        case wait
        /// Send these, and wait on.
        case send([ByteBuffer])
        /// The server is known, and modern.
        case modern(ServerDescription)
        /// The server is known, and legacy. Send this, and the connection is ready.
        case legacy(ServerDescription, initialized: ByteBuffer)
        /// It cannot succeed.
        case fail(reason: String)
    }

    private enum Phase {
        case asking
        case initializing
    }

    private let era: ServerEra
    private let handshake: Handshake
    private let discovery: Discovery
    private var phase: Phase
    private var asked = 0
    /// Whether the present question is answered.
    private var isAnswered = false
    /// What the server said when `initialize` was already on its way.
    private var late: ServerDescription?

    /// - Parameters:
    ///   - era: what is configured.
    ///   - remembered: what the server was last time.
    init(_ era: ServerEra, remembered: RememberedEra?, handshake: Handshake, discovery: Discovery) {
        self.era = era
        self.handshake = handshake
        self.discovery = discovery
        phase = era == .legacy || era == .auto && remembered == .legacy ? .initializing : .asking
    }

    /// Whether the server was asked what it may not know.
    var hasAsked: Bool { asked > 0 }
    /// Whether the server has got a question that it may not survive, and has not said a word since.
    var isUnanswered: Bool { asked > 0 && !isAnswered }

    /// Whether `initialize` is to be sent if the server stays silent.
    var hasPatience: Bool { era == .auto && phase == .asking }

    /// What to send first.
    mutating func begin() -> ByteBuffer {
        switch phase {
        case .asking: ask()
        case .initializing: handshake.opening
        }
    }

    /// The server has been silent for so long.
    mutating func silent() -> Step {
        guard hasPatience else { return .wait }
        phase = .initializing
        return .send([handshake.opening])
    }

    /// Takes a message of the server's.
    mutating func step(_ message: Message) -> Step {
        if message.kind == .response, let id = message.id, Discovery.ids.contains(id) {
            return id == Discovery.ids[asked - 1 < 0 ? 0 : asked - 1] ? discovered(message) : .wait
        }
        switch handshake.step(message) {
        case .wait: return .wait
        case .reply(let reply): return .send([reply])
        case .complete(let description, let initialized):
            return phase == .initializing ? .legacy(description, initialized: initialized) : .wait
        case .fail(let reason): return phase == .initializing ? refused(reason) : .wait
        }
    }

    private mutating func ask() -> ByteBuffer {
        phase = .asking
        isAnswered = false
        asked += 1
        return discovery.request(Discovery.ids[min(asked, Discovery.ids.count) - 1]).line
    }

    private mutating func discovered(_ answer: Message) -> Step {
        isAnswered = true
        let verdict = Discovery.judge(answer)
        guard phase == .asking else {
            // It was only slow. If it takes `initialize` as well, it can be spoken to either way.
            if case .modern(let description) = verdict { late = description }
            return .wait
        }
        switch verdict {
        case .modern(let description): return .modern(description)
        case .again: return asked < Discovery.ids.count ? .send([ask()]) : .fail(reason: "it refuses server/discover")
        case .unusable(let reason): return .fail(reason: "it \(reason)")
        case .legacy(let reason):
            guard era == .auto else { return .fail(reason: "it \(reason); is \"era\" really \"modern\"?") }
            phase = .initializing
            return .send([handshake.opening])
        }
    }

    /// It did not take `initialize`. If it was taken for what it was before, then it is something else now.
    private mutating func refused(_ reason: String) -> Step {
        if let late { return .modern(late) }
        guard era == .auto, asked == 0 else { return .fail(reason: reason) }
        return .send([ask()])
    }
}
