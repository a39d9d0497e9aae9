internal import NIOCore

/// The two ends of a client's connection.
struct Peer: Sendable {
    /// The address that the client has reached, as plain text.
    let localAddress: String?
    /// Whether the client is a program on this machine.
    let isOnThisMachine: Bool

    /// Before anything is known.
    static let unknown = Peer(localAddress: nil, isOnThisMachine: false)

    init(localAddress: String?, isOnThisMachine: Bool) {
        self.localAddress = localAddress
        self.isOnThisMachine = isOnThisMachine
    }

    init(local: SocketAddress?, remote: SocketAddress?) {
        let remoteAddress = LocalNames.plain(remote?.ipAddress)
        self.init(
            localAddress: LocalNames.plain(local?.ipAddress),
            isOnThisMachine: remoteAddress == "::1" || remoteAddress?.hasPrefix("127.") == true)
    }
}
