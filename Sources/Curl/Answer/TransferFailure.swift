/// Why a transfer did not get its whole answer.
public struct TransferFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Kind: Sendable, Equatable {
        /// There is no connection, or it broke.
        case unreachable
        /// The two sides did not agree on TLS, or one did not trust the other's certificate.
        case tls
        /// One of the timeouts of the request.
        case timedOut
        /// The server sent the request elsewhere, and it was not to follow.
        case redirected
        /// What came is not HTTP, or not within our bounds.
        case protocolViolation
        /// `HTTPTransfer.cancel`, or the end of the client.
        case cancelled
        /// Anything else: a request that cannot be sent, no memory.
        case other
    }

    /// What went wrong.
    public let kind: Kind
    /// Whether anything of the request can have reached the server. False only if certainly nothing has: the name was
    /// not resolved, there was no connection, or the TLS handshake did not end well.
    public let wasSent: Bool
    /// One clause for people, such as `connection refused`. Tells neither the URL nor what was sent.
    public let description: String

    /// A failure.
    public init(_ kind: Kind, wasSent: Bool, _ description: String) {
        self.kind = kind
        self.wasSent = wasSent
        self.description = description
    }
}
