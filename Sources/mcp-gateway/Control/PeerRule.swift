internal import Downstream
internal import Glibc

/// Who may use the control socket: root, the user that the gateway runs as, and the members of its group. The file's
/// mode says the same, but not where somebody has changed it, or passes descriptors on.
struct PeerRule: Sendable {
    let user: uid_t
    let group: gid_t

    /// The rule for this process.
    static let own = PeerRule(user: geteuid(), group: getegid())

    func admits(_ peer: SocketPeer) -> Bool {
        peer.user == 0 || peer.user == user || peer.groups.contains(group)
    }
}
