public import MCP
public import NIOCore

/// Who makes calls: one client session, or one stateless request. Never reused.
public struct CallerID: Hashable, Sendable {
    private let number: UInt64

    /// The id of this number; the gateway counts them up.
    public init(_ number: UInt64) {
        self.number = number
    }
}

/// A caller and what its client said of itself.
public struct Caller: Sendable {
    /// Tells it from every other.
    public let id: CallerID
    /// What its client is.
    public let profile: ClientProfile

    /// Describes a caller.
    public init(_ id: CallerID, _ profile: ClientProfile) {
        self.id = id
        self.profile = profile
    }
}

/// What is known of the client behind a caller. An object, so that a call that carries it costs one reference.
public final class ClientProfile: Sendable {
    /// Whose client it is.
    public let principal: PrincipalKey
    /// What may be asked of it.
    public let capabilities: ClientCapabilities
    /// Its `clientInfo` object as JSON text, if it sent one.
    public let clientInfo: ByteBuffer?
    /// What its messages were negotiated to mean.
    public let revision: ProtocolRevision

    /// Describes a client.
    public init(
        principal: PrincipalKey, capabilities: ClientCapabilities = .none, clientInfo: ByteBuffer? = nil,
        revision: ProtocolRevision = .newestLegacy
    ) {
        self.principal = principal
        self.capabilities = capabilities
        self.clientInfo = clientInfo
        self.revision = revision
    }
}

/// Whose a client is, as far as servers are kept apart by it. Means nothing here but that two are the same or not; may
/// be made of a secret, and therefore says nothing of itself.
public struct PrincipalKey: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// The key of whoever these bytes stand for.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The gateway's own, for what it asks of servers itself: served by the instance that is always there.
    public static let gateway = PrincipalKey(Array("the gateway itself".utf8))

    /// Nothing that could be read in a log.
    public var description: String { "principal" }
}
