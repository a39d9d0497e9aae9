internal import NIOCore

/// The two ends of a client's connection.
struct Peer: Sendable {
    /// The address that the client has reached, as plain text.
    let localAddress: String?
    /// Whether the client is a program on this machine.
    let isOnThisMachine: Bool
    /// The client's address: 4 or 16 bytes, in network order. All that come through unix sockets share an empty one.
    let address: [UInt8]?

    /// The client's address as text, for the log.
    var addressText: String {
        guard let address, !address.isEmpty else { return "a unix socket" }
        return (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: address), port: 0))?.ipAddress ?? "unknown"
    }

    /// Before anything is known.
    static let unknown = Peer(localAddress: nil, isOnThisMachine: false)

    init(localAddress: String?, isOnThisMachine: Bool, address: [UInt8]? = nil) {
        self.localAddress = localAddress
        self.isOnThisMachine = isOnThisMachine
        self.address = address
    }

    init(local: SocketAddress?, remote: SocketAddress?) {
        if case .unixDomainSocket = local {
            self.init(localAddress: nil, isOnThisMachine: true, address: [])
            return
        }
        let remoteAddress = LocalNames.plain(remote?.ipAddress)
        self.init(
            localAddress: LocalNames.plain(local?.ipAddress),
            isOnThisMachine: remoteAddress == "::1" || remoteAddress?.hasPrefix("127.") == true,
            address: remote?.bytes)
    }
}

extension SocketAddress {
    /// The IP address, 4 or 16 bytes in network order; nil for a Unix socket.
    var bytes: [UInt8]? {
        // Where the address stands in sockaddr_in and sockaddr_in6: ip(7), ipv6(7).
        let place: Range<Int>
        switch self {
        case .v4: place = 4..<8
        case .v6: place = 8..<24
        case .unixDomainSocket: return nil
        }
        return withSockAddr { address, size in
            Array(UnsafeRawBufferPointer(start: address, count: size)[place])
        }
    }
}
