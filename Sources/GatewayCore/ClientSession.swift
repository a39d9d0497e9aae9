public import JSONRPC
public import MCP
internal import NIOCore
public import Supervision

/// One client's session with one server, opened with `initialize` (MCP 2024-11-05 to 2025-11-25).
///
/// It answers what the gateway answers itself (initialize, ping), holds calls to what the server advertises and the
/// route allows, and hands the rest on. It does not know which transport carries it.
public actor ClientSession {
    /// Visible ASCII, unguessable.
    public nonisolated let id: String
    /// The route it was opened on, as it is now.
    public private(set) var route: Route
    /// Who opened it; nobody else can use it.
    public private(set) var principal: Principal
    /// What its messages were negotiated to mean; `nil` until `initialize` was answered.
    public private(set) var revision: ProtocolRevision?

    /// What the log calls it.
    private let logName: String
    private nonisolated let executor: any SerialExecutor
    let callerID: CallerID
    nonisolated let eventLoop: any EventLoop
    /// Who it is for the server, once its client has said what it is.
    private(set) var caller: Caller?
    /// Whether its client has said that it is ready to be asked.
    private(set) var isInitialized = false
    /// What its client is being asked.
    var questions = ClientQuestions()
    var questionDeadline: Scheduled<Void>?
    private var allowance: CallAllowance
    /// How long a question waits for a stream that it can be put on.
    let streamGrace: TimeAmount
    private var description: ServerDescription?
    private(set) var stream: (any SessionStream)?
    /// List changes that no stream was open for: one of each kind is kept.
    private var heldListChanges: [Feature] = []
    private var hasEnded = false
    private var onEnd: (@Sendable () -> Void)?
    /// What the present callee has replaced: it may still answer calls of this session.
    private(set) weak var former: (any Callee)?
    private var lastHeardOf = NIODeadline.now()
    private let began = NIODeadline.now()

    /// Runs on the event loop, beside the connection that carries it.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        id: String, caller: CallerID, route: Route, principal: Principal, limits: GatewayLimits,
        eventLoop: any EventLoop
    ) {
        self.id = id
        logName = SessionID.logName(of: id)
        callerID = caller
        self.route = route
        self.principal = principal
        allowance = CallAllowance(limit: limits.inFlightPerSession)
        streamGrace = TimeAmount(limits.streamGrace)
        self.eventLoop = eventLoop
        executor = eventLoop.executor
    }

    func end() {
        if !hasEnded, caller != nil { route.meter?.sessionEnded(after: Duration(NIODeadline.now() - began)) }
        hasEnded = true
        questionDeadline?.cancel()
        questions.removeAll()
        route.callee.detach(callerID)
        former?.detach(callerID)
        stream?.end()
        stream = nil
        onEnd?()
        onEnd = nil
    }

    /// Has `action` called when the session ends, its calls and its stream included; at once if it has. The last that
    /// was asked for counts.
    public func whenOver(_ action: @escaping @Sendable () -> Void) {
        if hasEnded { action() } else { onEnd = action }
    }

    /// Something came for its client, or the client asks for what has come: it is not idle.
    public func touch() {
        lastHeardOf = .now()
    }

    /// Goes on with another configuration of the route, and perhaps another server.
    func move(to route: Route, as principal: Principal) {
        let former = self.route.callee
        self.route = route
        self.principal = principal
        guard former !== route.callee else { return }
        self.former = former
        former.unobserve(callerID)
        if let caller { route.callee.attach(self, as: caller) }
    }

    // MARK: What the client sends

    /// Takes a message. For a request `sink` is finished exactly once, perhaps before this returns; for any other it is
    /// not used.
    ///
    /// - Parameter headers: what goes along with a call if the server is reached over HTTP.
    public func receive(_ message: Message, headers: [ForwardedHeader] = [], sink: any CallerSink) {
        lastHeardOf = .now()
        guard message.kind == .request, let id = message.id else { return receive(message) }
        var sink = route.meter?.following(message, into: sink) ?? sink
        if let log = route.accessLog { sink = log.following(message, session: logName, into: sink) }
        answer(message, id: id, headers: headers, sink: sink)
    }

    private func answer(_ message: Message, id: RequestID, headers: [ForwardedHeader], sink: any CallerSink) {
        let method = message.methodName ?? ""
        switch method {
        case "initialize": initialize(message, id: id, sink: sink)
        case "ping": sink.finish(.message(MessageBuilder.result(id: id, ByteBuffer(string: "{}"))))
        default: call(message, method: method, id: id, headers: headers, sink: sink)
        }
    }

    /// Takes a notification or a response. There is nothing to answer.
    public func receive(_ message: Message) {
        lastHeardOf = .now()
        switch message.kind {
        case .request: return
        case .response: answer(with: message)
        case .notification: take(notification: message)
        }
    }

    private func take(notification: Message) {
        if notification.isMethod("notifications/cancelled") {
            if !route.callee.cancel(notification, by: callerID) { _ = former?.cancel(notification, by: callerID) }
        } else if notification.isMethod("notifications/initialized") {
            isInitialized = revision != nil
        } else if notification.isMethod("notifications/progress") {
            report(notification)
        } else if notification.isMethod("notifications/roots/list_changed") {
            route.callee.notify(notification, by: callerID)
        }
    }

    private func initialize(_ message: Message, id: RequestID, sink: any CallerSink) {
        guard revision == nil else {
            return sink.refuse(id, .invalidRequest, "this session is initialized already")
        }
        guard
            let params = message.envelope.params.flatMap({ JSONOutline.members(of: message.slice($0)) }),
            let requested = params.first(where: { $0.key == "protocolVersion" }).flatMap({
                JSONOutline.string($0.value)
            })
        else {
            return sink.refuse(id, .invalidParams, "initialize needs a \"protocolVersion\" string in its params")
        }
        let negotiated = ProtocolRevision.negotiated(requested: requested)
        func object(_ key: String) -> ByteBuffer? {
            params.first { $0.key == key }.map(\.value).flatMap { JSONOutline.members(of: $0) == nil ? nil : $0 }
        }
        let caller = Caller(
            callerID,
            ClientProfile(
                principal: route.access.key(of: principal),
                capabilities: object("capabilities").map(ClientCapabilities.init) ?? .none,
                clientInfo: object("clientInfo"), revision: negotiated))
        self.caller = caller
        route.callee.attach(self, as: caller)
        route.callee.describe(for: caller) { result in
            self.assumeIsolated { $0.answerInitialize(id, revision: negotiated, with: result, sink: sink) }
        }
    }

    private func answerInitialize(
        _ id: RequestID, revision negotiated: ProtocolRevision, with result: Result<ServerDescription, Unavailability>,
        sink: any CallerSink
    ) {
        switch result {
        case .success(let server):
            revision = negotiated
            description = server
            sink.finish(.message(MessageBuilder.result(id: id, server.initializeResult(for: negotiated))))
        case .failure(let unavailability):
            sink.finish(.unavailable(unavailability, id: id))
        }
    }

    private func call(
        _ message: Message, method: String, id: RequestID, headers: [ForwardedHeader], sink: any CallerSink
    ) {
        guard let features = description?.features, let caller else {
            return sink.refuse(id, .invalidRequest, "the session is not initialized: send initialize first")
        }
        let feature = Feature(method: method)
        if let feature, !features.contains(feature) {
            return sink.refuse(id, .methodNotFound, "\(route.spokenName) does not offer \(feature.rawValue)")
        }
        switch feature {
        case .logging where method == "logging/setLevel": return setLevel(message, id: id, sink: sink)
        case .resources where description?.offersSubscriptions == false:
            guard method != "resources/subscribe", method != "resources/unsubscribe" else {
                return sink.refuse(
                    id, .methodNotFound, "\(route.spokenName) does not offer resource subscriptions")
            }
        case nil where method.hasPrefix("tasks/"):
            return sink.refuse(id, .methodNotFound, "tasks are not carried through this gateway")
        case .tools, .prompts, .resources, .completions, .logging, nil: break
        }
        forward(message, method: method, of: feature, id: id, by: caller, headers: headers, sink: sink)
    }

    private func setLevel(_ message: Message, id: RequestID, sink: any CallerSink) {
        let params = message.params.flatMap { JSONOutline.members(of: $0) }
        let word = params?.first { $0.key == "level" }.flatMap { JSONOutline.string($0.value) }
        guard let level = word.flatMap(LoggingLevel.init) else {
            let known = LoggingLevel.allCases.map(\.rawValue).joined(separator: ", ")
            return sink.refuse(id, .invalidParams, "\"level\" must be one of \(known)")
        }
        route.callee.setLogLevel(level, of: callerID)
        sink.finish(.message(MessageBuilder.result(id: id, ByteBuffer(string: "{}"))))
    }

    private func forward(
        _ message: Message, method: String, of feature: Feature?, id: RequestID, by caller: Caller,
        headers: [ForwardedHeader], sink: any CallerSink
    ) {
        var sink = caller.profile.revision.projecting(method, into: sink)
        if route.restrictsTools(for: principal) {
            if method == "tools/call" {
                let name = message.paramsName ?? ""
                guard route.admits(name, for: principal) else {
                    return sink.refuse(id, .invalidParams, "Unknown tool: \(name)")
                }
            } else if method == "tools/list" {
                let (route, principal) = (route, principal)
                sink = ToolListSink(admits: { route.admits($0, for: principal) }, next: sink)
            }
        }
        let callee = route.callee
        guard allowance.take(counting: { callee.callsInFlight(of: callerID) }) else {
            return sink.refuse(
                id, .internalError,
                "\(allowance.limit) requests of this session wait for an answer already (limits.inFlightPerSession)")
        }
        switch feature {
        case .resources where method == "resources/subscribe":
            callee.subscribe(message, id: id, by: caller, sink: sink)
        case .resources where method == "resources/unsubscribe":
            callee.unsubscribe(message, id: id, by: caller, sink: sink)
        case .tools, .prompts, .resources, .completions, .logging, nil:
            callee.call(message, id: id, by: caller, headers: headers, sink: sink)
        }
    }

    // MARK: What the client is sent

    /// Opens the stream for what belongs to no call. An older stream is ended: the newest one wins, because the older
    /// may be a connection that died without a word.
    public func attach(_ stream: any SessionStream) {
        guard !hasEnded else { return stream.end() }
        self.stream?.end()
        self.stream = stream
        let held = heldListChanges
        heldListChanges = []
        for feature in held { deliverListChange(feature) }
        askHeldQuestions()
    }

    /// Forgets a stream that has closed, unless a newer one has taken its place.
    public func detach(_ stream: any SessionStream) {
        guard self.stream === stream else { return }
        self.stream = nil
        lastHeardOf = .now()
    }

    /// Whether its client seems to be gone for good: it neither listens, nor waits for an answer, nor was heard of for
    /// so long.
    func isIdle(for duration: TimeAmount) -> Bool {
        guard stream == nil, .now() - lastHeardOf >= duration else { return false }
        return route.callee.callsInFlight(of: callerID) == 0
    }

    private func deliverListChange(_ feature: Feature) {
        guard let method = feature.listChangedMethod else { return }
        guard let stream else {
            if !heldListChanges.contains(feature) { heldListChanges.append(feature) }
            return
        }
        stream.deliver(MessageBuilder.notification(method: method))
    }
}

extension ClientSession: ServerObserver {
    /// The lists of this feature may have changed.
    public nonisolated func listChanged(_ feature: Feature) {
        assumeIsolated { session in
            guard session.description?.features.contains(feature) == true else { return }
            session.deliverListChange(feature)
        }
    }

    /// The server has described itself anew, after a restart.
    public nonisolated func described(_ description: ServerDescription) {
        assumeIsolated { session in
            if session.description != nil { session.description = description }
        }
    }

    /// The server says something that its client may know.
    public nonisolated func notified(_ notification: Message) {
        assumeIsolated { session in
            // Its client was not told of the URL in a way that has an end (`RequiredURLSink`).
            if let revision = session.revision, revision < .r2025_11_25,
                notification.isMethod("notifications/elicitation/complete")
            {
                return
            }
            // What nobody listens for is worth nothing later.
            session.stream?.deliver(notification.singleLine)
        }
    }

    /// The server asks something of its client.
    public nonisolated func asked(_ request: ServerRequest) {
        assumeIsolated { $0.ask(request) }
    }

    /// What was asked needs no answer any more.
    public nonisolated func withdrawn(_ request: ServerRequestID) {
        assumeIsolated { $0.withdraw(request) }
    }
}
