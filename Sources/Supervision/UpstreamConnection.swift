public import JSONRPC
public import MCP
public import NIOCore

/// One generation of a connection to an MCP server: a child process, or a server elsewhere.
///
/// Everything here is called on the event loop that the connection was made for, and returns at once.
public protocol UpstreamConnection: Sendable {
    /// Sends one message (a single line of JSON, without its newline).
    ///
    /// - Parameter context: what goes along with this message where the connection has a place for it.
    /// - Throws: `UpstreamSendFailure` when it was certainly not sent.
    func send(_ message: ByteBuffer, context: CallContext) throws(UpstreamSendFailure)
    /// First step of the stop sequence: tells the server that nothing more will come (stdio: closes stdin; HTTP: ends
    /// the session).
    func closeInput()
    /// Second step: asks it to go (stdio: SIGTERM to the process group; HTTP: closes every connection).
    func terminate()
    /// Last step: makes it go (stdio: SIGKILL to the process group; HTTP: closes every connection).
    func kill()
}

/// Why a message was not sent to a server.
public enum UpstreamSendFailure: Error, Sendable, Equatable {
    /// The connection has ended or is being closed.
    case closed
    /// The server does not read its input and this many bytes wait for it already.
    case backlogFull(bytes: Int)
}

/// What happens on a connection, in order. The last event of every generation is `ended`, and it is sent once.
public enum UpstreamEvent: Sendable {
    /// The process runs.
    case spawned(processID: Int32)
    /// The MCP handshake is done; calls may be sent. Comes again when the connection had to open its session anew:
    /// what was refused with `closed` meanwhile can be sent now.
    case ready(ServerDescription)
    /// The connection is of no use: the handshake failed, or the server closed its output. It stays open until it is
    /// stopped.
    case unusable(reason: String)
    /// A message after the handshake. One that came in the course of a call, as it shows on the way (on the stream of
    /// the answer to a POST), names the id of that call as it was given to `send`.
    case message(Message, during: RequestID? = nil)
    /// A message that was given to `send` and certainly never reached the server, byte for byte.
    case unsent(ByteBuffer)
    /// The call of this id, as it was given to `send`, will never be answered, while the connection lives on; the
    /// reason is a clause about the server: "closed the stream of the answer".
    case callLost(id: RequestID, reason: String)
    /// A line on stdout that is no JSON-RPC message.
    case unusableOutput(UnusableLine)
    /// A message longer than the specification's limit was thrown away; its id, if it stood near the front.
    case oversizedMessage(id: RequestID?)
    /// These tools are kept from clients from now on, and no others.
    case toolsHidden([HiddenTool])
    /// A line on stderr, at most 8 KiB of it.
    case standardError(line: String)
    /// A line on stderr that says no more than that the server does not know what it was asked first.
    case probeComplaint(line: String)
    /// Nothing more will come: the process has exited and its output is read to the end, or it never ran. When the
    /// cause is permanent (the command does not exist), another try can only end in the same way.
    case ended(ExitReport.Cause, isPermanent: Bool)
}

/// A line of a server's that cannot be used.
public struct UnusableLine: Sendable {
    /// All of it.
    public let bytes: ByteBuffer
    /// What is wrong with it.
    public let reason: ScanError
    /// The call that it was meant to answer, if so much could be read.
    public let answeredID: RequestID?

    /// Describes a line.
    public init(_ bytes: ByteBuffer, reason: ScanError, answeredID: RequestID? = nil) {
        self.bytes = bytes
        self.reason = reason
        self.answeredID = answeredID
    }

    /// The first 200 bytes as text, for a log; what is no UTF-8 is replaced. `nil` for what looks like a message: it may
    /// hold what only its client should see.
    var head: String? {
        let first = bytes.readableBytesView.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        guard first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else { return nil }
        return String(
            buffer: bytes.getSlice(at: bytes.readerIndex, length: min(bytes.readableBytes, 200)) ?? ByteBuffer())
    }
}

/// Opens connections. The supervisor is handed one, and never learns what kinds of upstream there are.
public protocol UpstreamConnector: Sendable {
    /// Starts a connection and returns at once; whatever becomes of it is reported as events on `eventLoop`.
    ///
    /// - Parameter onEvent: called on `eventLoop`, never before this function has returned.
    func connect(
        to specification: ServerSpecification,
        on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection

    /// Whether what made a start fail for good (a command that does not exist) has gone away. A quick look.
    func canStart(_ specification: ServerSpecification) -> Bool
}
