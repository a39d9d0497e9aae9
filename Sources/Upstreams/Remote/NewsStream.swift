internal import Curl
internal import JSONRPC
internal import NIOCore
internal import Supervision

/// The stream on which a streamable server says what belongs to no call: that its lists have changed, or a ping
/// (MCP 2025-11-25 "Transports", listening for messages). Not every server has one.
final class NewsStream {
    /// What it reports.
    enum Event {
        case incoming(Incoming)
        /// The server does not open it again in this session.
        case refused(session: String?, HTTPStatus, note: String)
        /// There is no way to the server any more.
        case unreachable(TransferFailure)
    }

    private let wire: RemoteWire
    private let fields: [HTTPField]
    private let session: String?
    private let report: (Event) -> Void
    private var transfer: LoopTransfer?
    private var status: HTTPStatus?
    private var body: AnswerBody?
    private var openSince: NIODeadline?
    /// Whether the server has such a stream. Some answer 404 when they mean that they do not.
    private var hasBeenOpen = false
    private var resumption = StreamResumption(.news)
    private var reopening: Scheduled<Void>?
    private var isClosed = false

    /// - Parameters:
    ///   - fields: what says in which session and revision.
    ///   - session: that session.
    init(_ wire: RemoteWire, fields: [HTTPField], session: String?, report: @escaping (Event) -> Void) {
        self.wire = wire
        self.fields = fields
        self.session = session
        self.report = report
    }

    func open() {
        open(from: nil)
    }

    /// Nothing is reported any more.
    func close() {
        isClosed = true
        transfer?.cancel()
        transfer = nil
        reopening?.cancel()
        reopening = nil
    }

    private func open(from lastEventID: String?) {
        var own = fields + [HTTPField("Accept", "text/event-stream")]
        if let lastEventID { own.append(HTTPField("Last-Event-ID", lastEventID)) }
        (status, body, openSince) = (nil, nil, nil)
        transfer = wire.start(.get, wire.url, own: own) { [weak self] event in self?.receive(event) }
    }

    private func receive(_ event: TransferEvent) {
        switch event {
        case .head(let head):
            let body = AnswerBody(of: head, messageLimit: wire.messageLimit)
            status = HTTPStatus(head.status)
            self.body = body
            guard body.form == .events else { return }
            openSince = .now()
            hasBeenOpen = true
        case .body(let bytes):
            body?.append(bytes)
            read()
        case .end(let failure):
            transfer = nil
            end(failure)
        }
    }

    private func read() {
        while !isClosed, let event = body?.next() {
            switch event {
            case .event(let event):
                resumption.heard(lastEventID: body?.lastEventID, isReset: event.id == "")
                guard event.name == "message", event.data.readableBytes > 0 else { continue }
                for incoming in Incoming.read(event.data) where !isClosed { report(.incoming(incoming)) }
            case .oversized(let id):
                resumption.heard(lastEventID: body?.lastEventID)
                report(.incoming(.oversized(id: id)))
            }
        }
    }

    private func end(_ failure: TransferFailure?) {
        guard let status, let body else {
            if let failure, failure.isUnreachable { return report(.unreachable(failure)) }
            return tryAgain()
        }
        resumption.ended(lastEventID: body.lastEventID, retryMilliseconds: body.retryMilliseconds)
        if body.form == .events || status.isPassing {
            tryAgain()
        } else if hasBeenOpen {
            let text = ErrorNote(secrets: []).text(of: body.collected) ?? ""
            report(.refused(session: session, status, note: text))
        }
    }

    private func tryAgain() {
        let openFor = openSince.map { Duration.nanoseconds((NIODeadline.now() - $0).nanoseconds) }
        guard case .reopen(let wait, let lastEventID) = resumption.broke(openFor: openFor) else { return }
        reopening = wire.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [weak self] in
            self?.open(from: lastEventID)
        }
    }
}
