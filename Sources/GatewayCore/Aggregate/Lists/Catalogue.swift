internal import GatewayLog
internal import JSONRPC
internal import Logging
internal import MCP
internal import NIOCore
internal import Supervision

/// Keeps what one server lists, for all the endpoints of which it is part.
///
/// It asks the server as a caller of its own, once somebody wants to know, and again whenever the server says that
/// something has changed or is back from a restart.
actor Catalogue {
    nonisolated let server: String
    private nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    private let logger: Logger
    /// How long others wait for the server's answer. Then they go on with what is known of it.
    private let patience: TimeAmount
    /// After how long a server that could not be asked is asked again, if it does not speak first.
    private let retryInterval: TimeAmount
    private let caller: Caller
    private var callee: any Callee
    private(set) var contents = CatalogueContents()
    private var isActive = false
    private var isDescribing = false
    private var isDue = false
    private var isOverdue = false
    private var deadline: Scheduled<Void>?
    private var retry: Scheduled<Void>?
    private var nextID = 0
    private var waiters: [@Sendable () -> Void] = []
    private var watchers: [ObjectIdentifier: @Sendable (Set<Feature>) -> Void] = [:]

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        of callee: any Callee, server: String, on eventLoop: any EventLoop, patience: Duration, retryInterval: Duration,
        logger: Logger
    ) {
        self.patience = TimeAmount(patience)
        self.retryInterval = TimeAmount(retryInterval)
        self.server = server
        self.callee = callee
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        self.logger = logger
        // Sessions are counted up from 1. Its own calls are no client's.
        // It wants lists as servers give them; who needs another form gets that from the aggregate.
        caller = Caller(CallerID(.max), ClientProfile(principal: .gateway, revision: .newestModern))
    }

    /// Whether an answer is worth waiting for.
    var isSettling: Bool { isBusy && !isOverdue }

    private var isBusy: Bool { isDescribing || isDue || !contents.isSettled }

    /// Begins to ask, the first time.
    func activate() {
        guard !isActive else { return }
        isActive = true
        join()
    }

    /// Calls `action` when nothing is being asked any more, or the server takes too long.
    func whenSettled(_ action: @escaping @Sendable () -> Void) {
        guard isSettling else { return action() }
        waiters.append(action)
    }

    /// Tells `watcher` of features whose lists look different, until `unwatch`.
    func watch(as key: ObjectIdentifier, _ watcher: @escaping @Sendable (Set<Feature>) -> Void) {
        watchers[key] = watcher
    }

    func unwatch(_ key: ObjectIdentifier) {
        watchers[key] = nil
    }

    /// Asks another callee from now on, which has taken the place of the present one.
    func follow(_ callee: any Callee) {
        guard callee !== self.callee else { return }
        let former = self.callee
        self.callee = callee
        guard isActive else { return }
        contents.startOver()
        former.detach(caller.id)
        join()
    }

    /// Asks nothing any more: the server is gone from the configuration.
    func end() {
        if isActive { callee.detach(caller.id) }
        isActive = false
        retry?.cancel()
        retry = nil
        contents.startOver()
        isDescribing = false
        look()
    }

    // MARK: Asking

    private func join() {
        isDescribing = true
        let callee = callee
        callee.attach(self, as: caller)
        callee.describe(for: caller) { result in
            self.assumeIsolated { $0.described(result, by: callee) }
        }
        look()
    }

    private func described(_ result: Result<ServerDescription, Unavailability>, by callee: any Callee) {
        guard callee === self.callee else { return }
        isDescribing = false
        switch result {
        case .success(let description): contents.described(description)
        case .failure:
            contents.left()
            askAgainLater()
        }
        look()
    }

    /// Who is away or too busy to answer may come back without a word.
    private func askAgainLater() {
        guard retry == nil else { return }
        retry = eventLoop.assumeIsolated().scheduleTask(in: retryInterval) { [weak self] in
            self?.assumeIsolated { $0.askAgain() }
        }
    }

    private func askAgain() {
        retry = nil
        guard isActive, !isBusy else { return }
        // Nobody waits for this.
        isOverdue = true
        join()
    }

    /// Asks a little later, since a server that has just become ready says several things at once.
    private func askSoon() {
        guard !isDue else { return }
        isDue = true
        eventLoop.execute {
            self.assumeIsolated { catalogue in
                catalogue.isDue = false
                catalogue.look()
            }
        }
        look()
    }

    /// Does what is to be done next, and tells whoever waits.
    private func look() {
        if !isDue {
            for kind in contents.begin() { ask(kind) }
        }
        guard isBusy else { return settle() }
        guard deadline == nil, !isOverdue else { return }
        deadline = eventLoop.assumeIsolated().scheduleTask(in: patience) {
            self.assumeIsolated { catalogue in
                catalogue.deadline = nil
                catalogue.isOverdue = true
                catalogue.release()
            }
        }
    }

    private func settle() {
        deadline?.cancel()
        deadline = nil
        isOverdue = false
        let changes = contents.takeChanges()
        if !changes.isEmpty {
            for watcher in watchers.values { watcher(changes) }
        }
        release()
    }

    private func release() {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter() }
    }

    private func ask(_ kind: ListKind, cursor: ByteBuffer? = nil) {
        nextID += 1
        let id = RequestID(nextID)
        let params = cursor.map { JSONText.object([("cursor", $0)]) }
        guard let request = try? Message(MessageBuilder.request(id: id, method: kind.method, params: params)) else {
            return contents.failed(kind)
        }
        let callee = callee
        let sink = CatalogueSink { answer in
            self.assumeIsolated { $0.answered(kind, answer, by: callee) }
        }
        callee.call(request, id: id, by: caller, headers: [], sink: sink)
    }

    private func answered(_ kind: ListKind, _ answer: Answer, by callee: any Callee) {
        guard callee === self.callee else { return }
        switch answer {
        case .message(let bytes):
            guard let result = (try? Message(bytes))?.result else {
                guard !Self.isUnknownMethod(bytes) else {
                    contents.refused(kind)
                    break
                }
                contents.failed(kind)
                askAgainLater()
                break
            }
            switch contents.took(result, of: kind) {
            case .ask(let kind, let cursor): ask(kind, cursor: cursor)
            case .done: break
            case .cut(let reason):
                logger.log(.listCut, [.server: "\(server)", .reason: "\(reason)"])
            }
        case .unavailable:
            contents.failed(kind)
            contents.left()
            askAgainLater()
        case .cancelled:
            contents.failed(kind)
        }
        look()
    }

    /// Whether a response says that the server has no such list.
    private static func isUnknownMethod(_ response: ByteBuffer) -> Bool {
        let error = (try? Message(response))?.error.flatMap { JSONOutline.members(of: $0) }
        let code = error?.last { $0.key == "code" }?.value
        return code == ByteBuffer(string: String(ErrorCode.methodNotFound.rawValue))
    }
}

extension Catalogue: ServerObserver {
    nonisolated func listChanged(_ feature: Feature) {
        assumeIsolated { catalogue in
            catalogue.contents.changed(feature)
            catalogue.askSoon()
        }
    }

    nonisolated func described(_ description: ServerDescription) {
        assumeIsolated { catalogue in
            catalogue.isDescribing = false
            catalogue.contents.described(description)
            catalogue.askSoon()
        }
    }

    /// It subscribes to nothing.
    nonisolated func notified(_ notification: Message) {}

    /// It declares no capability, so a server that asks nevertheless asks the wrong one.
    nonisolated func asked(_ request: ServerRequest) {
        assumeIsolated { catalogue in
            guard let id = request.message.id,
                let refusal = try? Message(
                    MessageBuilder.error(
                        id: id, code: ErrorCode.methodNotFound.rawValue, message: "nobody is there to be asked"))
            else { return }
            catalogue.callee.answer(request.id, with: refusal, by: catalogue.caller.id)
        }
    }

    nonisolated func withdrawn(_ request: ServerRequestID) {}
}

/// Where the answer to a request of the catalogue's goes.
private struct CatalogueSink: CallerSink {
    let end: @Sendable (Answer) -> Void

    func deliver(_ message: ByteBuffer) -> Bool { false }
    func finish(_ answer: Answer) { end(answer) }
}
