public import Glibc

/// Who has connected to a unix socket, as the kernel knows (unix(7), SO_PEERCRED).
public struct SocketPeer: Sendable, Equatable {
    /// The process that has connected. It may have passed the connection on.
    public var processID: pid_t
    /// Its effective user.
    public var user: uid_t
    /// Its effective group, and those that it is a member of besides.
    public var groups: [gid_t]

    /// Describes a peer.
    public init(processID: pid_t, user: uid_t, groups: [gid_t]) {
        self.processID = processID
        self.user = user
        self.groups = groups
    }

    /// The peer of a connected unix socket; `nil` if the kernel does not tell.
    init?(descriptor: Int32) {
        // struct ucred, which Glibc shows to _GNU_SOURCE only: three numbers of 32 bits.
        var credentials: [UInt32] = [0, 0, 0]
        var size = socklen_t(credentials.count * MemoryLayout<UInt32>.stride)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return nil }
        self.init(
            processID: pid_t(bitPattern: credentials[0]), user: credentials[1],
            groups: [credentials[2]] + Self.supplementaryGroups(descriptor))
    }

    /// Of Linux 4.13 and later, for all architectures but PA-RISC; Glibc's headers do not have it.
    private static let peerGroups: Int32 = 59

    private static func supplementaryGroups(_ descriptor: Int32) -> [gid_t] {
        // As many as Linux allows (NGROUPS_MAX).
        let capacity = 65_536
        return [gid_t](unsafeUninitializedCapacity: capacity) { buffer, count in
            var size = socklen_t(capacity * MemoryLayout<gid_t>.stride)
            let result = getsockopt(descriptor, SOL_SOCKET, peerGroups, buffer.baseAddress, &size)
            count = result == 0 ? Int(size) / MemoryLayout<gid_t>.stride : 0
        }
    }
}
