internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// One way to carry MCP over HTTP, from its opening to its end. Used on the event loop only.
protocol RemoteTransport: AnyObject {
    /// What it waits for while it is being opened, as a noun.
    var awaited: String { get }
    /// Takes leave of the server, as far as the transport knows how to, and calls `then`.
    func leave(then: @escaping () -> Void)
    /// Closes everything; nothing is reported any more.
    func abandon()
}

/// One that is opened with `initialize`.
protocol LegacyTransport: RemoteTransport {
    /// Opens it with `initialize`, whose answer is reported like any other message.
    func open(with initialize: ByteBuffer)
    /// `initialize` was answered so. Sends `notifications/initialized`, and reports when that has arrived.
    func confirm(_ description: ServerDescription, with initialized: ByteBuffer)
    /// Sends a message.
    ///
    /// - Throws: `UpstreamSendFailure` when it was not sent.
    func send(_ line: ByteBuffer, forwarded: [ForwardedHeader]) throws(UpstreamSendFailure)
}

/// What such a transport reports.
enum TransportNews {
    /// It could not be opened.
    case failedToOpen(AttemptOutcome)
    /// A message of the server's, and the call on the stream of whose answer it came.
    case message(Message, during: RequestID?)
    /// `notifications/initialized` has arrived.
    case confirmed
    /// Something happened to a message; for the managed server as it is.
    case event(UpstreamEvent)
    /// The server has forgotten the session. A new one can be opened, with `open(with:)`; calls whose answers still
    /// come in are not touched.
    case sessionLost
    /// Nothing can be sent or received any more.
    case lost(reason: String)
}
