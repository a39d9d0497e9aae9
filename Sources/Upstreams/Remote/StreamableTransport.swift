internal import Curl
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Streamable HTTP (MCP 2025-03-26 to 2025-11-25 "Transports"): every message is a POST, answered with JSON or with a
/// stream of events, in a session if the server wants one.
final class StreamableTransport: LegacyTransport {
    /// So many requests in a row without a word show that nobody is there, although something takes connections: a
    /// container's proxy does, when the container is gone.
    static let silentEndLimit = 2
    /// How long the server may take over the end of its session.
    private static let farewell = Duration.seconds(2)

    let wire: RemoteWire
    let report: (TransportNews) -> Void
    private(set) lazy var postman = Postman(wire) { [weak self] in self?.receive($1, for: $0) }
    var renewal = SessionRenewal()
    private var news: NewsStream?
    private var farewell: LoopTransfer?
    /// What the server said it speaks, once it has.
    private var revision: String?
    /// The session that the answer to `initialize` names, until that is understood.
    private var offeredSession: String?
    /// How many requests in a row have had their connection ended without a word.
    var silentEnds = 0
    private(set) var isOver = false

    init(_ wire: RemoteWire, report: @escaping (TransportNews) -> Void) {
        self.wire = wire
        self.report = report
    }

    // MARK: RemoteTransport

    var awaited: String { revision == nil ? "answer to initialize" : "answer to notifications/initialized" }

    func open(with initialize: ByteBuffer) {
        revision = nil
        offeredSession = nil
        // Should too many be under way when a session is renewed, then this is the end of the connection.
        do throws(UpstreamSendFailure) {
            try postman.send(initialize, to: address, role: .initialize)
        } catch {
            conclude(.lost(reason: "too many calls are under way to open another session"))
        }
    }

    func confirm(_ description: ServerDescription, with initialized: ByteBuffer) {
        renewal.opened(offeredSession)
        revision = description.protocolVersion
        try? postman.send(initialized, to: address, role: .initialized)
    }

    func send(_ line: ByteBuffer, forwarded: [ForwardedHeader]) throws(UpstreamSendFailure) {
        try postman.send(line, to: address, forwarded: forwarded)
    }

    func leave(then: @escaping () -> Void) {
        guard address.session != nil, !isOver else {
            abandon()
            return then()
        }
        news?.close()
        farewell = wire.start(.delete, wire.url, own: address.fields, within: Self.farewell) { [weak self] event in
            guard case .end = event else { return }
            self?.abandon()
            then()
        }
    }

    func abandon() {
        isOver = true
        farewell?.cancel()
        farewell = nil
        news?.close()
        news = nil
        postman.stop()
    }

    // MARK: Sessions

    /// Where everything goes, with what says in which session and revision.
    var address: Postman.Address {
        var fields: [HTTPField] = []
        let session = renewal.id ?? offeredSession
        if let session { fields.append(HTTPField("Mcp-Session-Id", session)) }
        if let revision { fields.append(HTTPField("MCP-Protocol-Version", revision)) }
        return Postman.Address(url: wire.url, fields: fields, session: session)
    }

    /// The answer to `initialize` came with this.
    func offered(session: String?) {
        offeredSession = session
    }

    /// `notifications/initialized` has arrived, so the server may speak unasked.
    func confirmed() {
        report(.confirmed)
        guard !isOver else { return }
        let news = NewsStream(wire, fields: address.fields, session: renewal.id) { [weak self] in self?.take($0) }
        self.news = news
        news.open()
    }

    /// The session is gone; whoever asked for something in it will hear so.
    func loseSession() {
        news?.close()
        news = nil
        report(.sessionLost)
    }

    // MARK: News

    private func take(_ event: NewsStream.Event) {
        switch event {
        case .incoming(let incoming): take(incoming, during: nil)
        case .refused(let session, let status, let note):
            switch renewal.refused(in: session, status: status.code, note: note) {
            case .renew: loseSession()
            case .useless: conclude(.lost(reason: Self.uselessSession))
            case .stale, .unrelated: news = nil
            }
        case .unreachable(let failure):
            conclude(.lost(reason: "it cannot be reached any more (\(failure))"))
        }
    }

    /// Something came, on the stream of the answer to this call or on that of what belongs to none.
    func take(_ incoming: Incoming, during call: RequestID?) {
        switch incoming {
        case .message(let message):
            if message.kind == .response { postman.answered(message.id) }
            report(.message(message, during: call))
        case .unusable(let line):
            postman.answered(line.answeredID)
            report(.event(.unusableOutput(line)))
        case .oversized(let id):
            postman.answered(id)
            report(.event(.oversizedMessage(id: id)))
        }
    }

    // MARK: Ending

    static let uselessSession = "it forgets every session as soon as it is opened"

    /// The last thing that is reported.
    func conclude(_ news: TransportNews) {
        guard !isOver else { return }
        abandon()
        report(news)
    }
}
