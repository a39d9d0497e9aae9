public import JSONRPC
public import MCP
public import NIOCore
public import Supervision

/// Somebody who does not speak MCP, for as long as one HTTP request of his takes: a caller without a session, who cannot
/// be asked anything and hears nothing but answers.
///
/// Filters, the log and the server's limits are those of every client. Whoever makes one must have it leave, or its
/// server never forgets it.
public actor PlainCaller {
    /// How a request ended.
    public enum Outcome: Sendable {
        /// With a result, as JSON text.
        case result(ByteBuffer)
        /// With a JSON-RPC error; its `data` is JSON text.
        case error(code: Int, message: String, data: ByteBuffer?)
        /// The route has no tool of this name for this caller.
        case unknownTool
        /// The server cannot be called now.
        case unavailable(Unavailability)
        /// The gateway has given the call up.
        case cancelled
    }

    private nonisolated let executor: any SerialExecutor
    private let route: Route
    private let principal: Principal
    private let headers: [ForwardedHeader]
    private let caller: Caller
    private let callee: any Callee
    private var count = 0
    private var isAttached = false
    private var hasLeft = false

    /// Runs on the event loop, beside the connection that it came through.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A caller at a route. Called on the event loop.
    ///
    /// - Parameter headers: what goes along with its calls if the server is reached over HTTP.
    public init(at route: Route, as principal: Principal, headers: [ForwardedHeader] = [], of gateway: Gateway) {
        executor = gateway.eventLoop.executor
        self.route = route
        self.principal = principal
        self.headers = headers
        callee = route.callee
        // Of the newest revision, which has no sessions: no instance of a server is started for one request.
        caller = Caller(
            gateway.takeCallerID(),
            ClientProfile(principal: route.access.key(of: principal), revision: .newestModern))
    }

    /// Asks what is at the route. `completion` is called once, perhaps before this returns, unless the caller leaves.
    public func describe(
        _ completion: @escaping @Sendable (Result<ServerDescription, Unavailability>) -> Void
    ) {
        callee.describe(for: caller) { result in
            self.assumeIsolated { if !$0.hasLeft { completion(result) } }
        }
    }

    /// Asks for a page of the tools that this caller may use. `completion` is called once, perhaps before this returns,
    /// unless the caller leaves.
    ///
    /// - Parameter cursor: the last page's `nextCursor`, as JSON text; `nil` for the first page.
    public func listTools(after cursor: ByteBuffer?, _ completion: @escaping @Sendable (Outcome) -> Void) {
        ask("tools/list", params: JSONText.object(cursor.map { [("cursor", $0)] } ?? []), completion)
    }

    /// Calls a tool. `completion` is called once, perhaps before this returns, unless the caller leaves, which cancels
    /// the call.
    ///
    /// - Parameter arguments: a JSON object, which is not looked at.
    public func call(
        _ tool: String, arguments: ByteBuffer, _ completion: @escaping @Sendable (Outcome) -> Void
    ) {
        guard route.admits(tool, for: principal) else { return completion(.unknownTool) }
        let params = JSONText.object([("name", JSONText.quotedBuffer(tool)), ("arguments", arguments)])
        ask("tools/call", params: params, completion)
    }

    /// Cancels what it has asked for, and is forgotten. Nothing is told to it any more.
    public func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        if isAttached { callee.detach(caller.id) }
    }

    private func ask(_ method: String, params: ByteBuffer, _ completion: @escaping @Sendable (Outcome) -> Void) {
        guard !hasLeft else { return }
        count += 1
        let id = RequestID(count)
        guard let message = try? Message(MessageBuilder.request(id: id, method: method, params: params)) else {
            let words = "the arguments are nested too deeply"
            return completion(.error(code: ErrorCode.invalidParams.rawValue, message: words, data: nil))
        }
        if !isAttached {
            isAttached = true
            callee.attach(self, as: caller)
        }
        var sink: any CallerSink = Sink { answer in
            self.assumeIsolated { if !$0.hasLeft { completion(Outcome(of: answer)) } }
        }
        if let meter = route.meter { sink = meter.following(message, into: sink) }
        if let log = route.accessLog { sink = log.following(message, session: "none", into: sink) }
        if method == "tools/list", route.restrictsTools(for: principal) {
            let (route, principal) = (route, principal)
            sink = ToolListSink(admits: { route.admits($0, for: principal) }, next: sink)
        }
        callee.call(message, id: id, by: caller, headers: headers, sink: sink)
    }

    private struct Sink: CallerSink {
        let end: @Sendable (Answer) -> Void

        func deliver(_ message: ByteBuffer) -> Bool { false }

        func finish(_ answer: Answer) { end(answer) }
    }
}

extension PlainCaller.Outcome {
    fileprivate init(of answer: Answer) {
        switch answer {
        case .unavailable(let unavailability, _): self = .unavailable(unavailability)
        case .cancelled: self = .cancelled
        case .message(let bytes):
            let message = try? Message(bytes)
            if let result = message?.result {
                self = .result(result)
                return
            }
            let members = message?.error.flatMap { JSONOutline.members(of: $0) } ?? []
            func member(_ key: String) -> ByteBuffer? { members.last { $0.key == key }?.value }
            self = .error(
                code: member("code").flatMap { Int(String(buffer: $0)) } ?? ErrorCode.internalError.rawValue,
                message: member("message").flatMap { JSONOutline.string($0) } ?? "the server gave no usable answer",
                data: member("data"))
        }
    }
}

extension PlainCaller: ServerObserver {
    /// It keeps no list.
    public nonisolated func listChanged(_ feature: Feature) {}
    /// What it was told lasts for as long as it does.
    public nonisolated func described(_ description: ServerDescription) {}
    /// It subscribes to nothing.
    public nonisolated func notified(_ notification: Message) {}

    /// It declares no capability, so a server that asks nevertheless asks the wrong one.
    public nonisolated func asked(_ request: ServerRequest) {
        assumeIsolated { caller in
            guard let id = request.message.id,
                let refusal = try? Message(
                    MessageBuilder.error(
                        id: id, code: ErrorCode.methodNotFound.rawValue, message: "nobody is there to be asked"))
            else { return }
            caller.callee.answer(request.id, with: refusal, by: caller.caller.id)
        }
    }

    /// Nothing was asked of anybody.
    public nonisolated func withdrawn(_ request: ServerRequestID) {}
}
