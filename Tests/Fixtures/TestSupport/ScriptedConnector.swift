public import JSONRPC
public import MCP
public import NIOCore
public import Supervision
public import Synchronization

/// An `UpstreamConnector` without processes: every connection is played by the test.
public final class ScriptedConnector: UpstreamConnector {
    private let opened: AsyncStream<ScriptedConnection>
    private let opener: AsyncStream<ScriptedConnection>.Continuation
    private let script: (@Sendable (ScriptedConnection) -> Void)?
    private let all = Mutex<[ScriptedConnection]>([])

    /// - Parameter script: what every new connection does by itself, called on the event loop; nothing if `nil`.
    public init(script: (@Sendable (ScriptedConnection) -> Void)? = nil) {
        (opened, opener) = AsyncStream.makeStream()
        self.script = script
    }

    /// Opens a connection that the test plays.
    public func connect(
        to specification: ServerSpecification, on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection {
        let connection = ScriptedConnection(specification, eventLoop: eventLoop, onEvent: onEvent)
        all.withLock { $0.append(connection) }
        opener.yield(connection)
        if let script { eventLoop.execute { script(connection) } }
        return connection
    }

    /// What `canStart` answers.
    public let isStartable = Mutex(false)

    /// What `isStartable` holds.
    public func canStart(_ specification: ServerSpecification) -> Bool {
        isStartable.withLock { $0 }
    }

    /// Ends every connection, as a process would that was told to go.
    public func endEverything() {
        for connection in all.withLock({ $0 }) { connection.emit(.ended(.exited(status: 0), isPermanent: false)) }
    }

    /// Waits for the next connection that is opened.
    public func nextConnection() async -> ScriptedConnection? {
        await opened.first { _ in true }
    }
}

/// One connection that the test plays.
public final class ScriptedConnection: UpstreamConnection {
    /// The steps of the stop sequence.
    public enum Step: Sendable, Equatable {
        case closeInput
        case terminate
        case kill
    }

    /// What it was opened for.
    public let specification: ServerSpecification
    /// What the gateway has sent, in order.
    public let sent: AsyncStream<ByteBuffer>
    /// What was to be sent along with each of these over HTTP.
    public let headers: AsyncStream<[ForwardedHeader]>
    /// The steps of the stop sequence that were taken, in order.
    public let steps: AsyncStream<Step>

    private let eventLoop: any EventLoop
    private let onEvent: @Sendable (UpstreamEvent) -> Void
    private let sender: AsyncStream<ByteBuffer>.Continuation
    private let headerSender: AsyncStream<[ForwardedHeader]>.Continuation
    private let stepper: AsyncStream<Step>.Continuation
    private let refusal = Mutex<UpstreamSendFailure?>(nil)
    private let responder = Mutex<(@Sendable (Message) -> String?)?>(nil)

    init(
        _ specification: ServerSpecification, eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) {
        self.specification = specification
        self.eventLoop = eventLoop
        self.onEvent = onEvent
        (sent, sender) = AsyncStream.makeStream()
        (headers, headerSender) = AsyncStream.makeStream()
        (steps, stepper) = AsyncStream.makeStream()
    }

    /// Keeps the message, and lets the responder answer it.
    public func send(_ message: ByteBuffer, context: CallContext) throws(UpstreamSendFailure) {
        if let refusal = refusal.withLock({ $0 }) { throw refusal }
        sender.yield(message)
        headerSender.yield(context.headers)
        guard let respond = responder.withLock({ $0 }), let request = try? Message(message) else { return }
        if let line = respond(request) { eventLoop.execute { self.emitNow(line) } }
    }

    /// Keeps the step.
    public func closeInput() { stepper.yield(.closeInput) }
    /// Keeps the step.
    public func terminate() { stepper.yield(.terminate) }
    /// Keeps the step.
    public func kill() { stepper.yield(.kill) }

    /// Makes every further `send` fail.
    public func refuse(with failure: UpstreamSendFailure?) {
        refusal.withLock { $0 = failure }
    }

    /// Answers every further message with what `respond` returns, if anything.
    public func respond(_ respond: @escaping @Sendable (Message) -> String?) {
        responder.withLock { $0 = respond }
    }

    /// Reports an event, from any thread.
    public func emit(_ event: UpstreamEvent) {
        eventLoop.execute { self.onEvent(event) }
    }

    /// Reports that the handshake is done.
    public func becomeReady(capabilities: String = #"{"tools":{}}"#) {
        emit(.ready(.fixture(capabilities: capabilities)))
    }

    /// Reports a message of the server's, from any thread.
    public func emit(_ line: String) {
        eventLoop.execute { self.emitNow(line) }
    }

    private func emitNow(_ line: String) {
        do {
            onEvent(.message(try Message(ByteBuffer(string: line))))
        } catch {
            preconditionFailure("the script is no JSON-RPC: \(line): \(error)")
        }
    }
}

extension ServerDescription {
    /// A description with these capabilities.
    public static func fixture(
        capabilities: String = #"{"tools":{}}"#, instructions: String? = nil
    ) -> ServerDescription {
        let instructions = instructions.map { #","instructions":\#(JSONText.quoted($0))"# } ?? ""
        let result = """
            {"protocolVersion":"2025-06-18","capabilities":\(capabilities),\
            "serverInfo":{"name":"scripted","version":"1.0"}\(instructions)}
            """
        do {
            return try ServerDescription(initializeResult: ByteBuffer(string: result))
        } catch {
            preconditionFailure("the fixture is no description: \(error)")
        }
    }
}
