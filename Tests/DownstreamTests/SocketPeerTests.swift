import Glibc
import Testing

@testable import Downstream

@Suite("who is at the other end of a unix socket")
struct SocketPeerTests {
    @Test("this process is: its number, its user, its group and the groups that it is in besides")
    func own() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { ends.forEach { _ = close($0) } }
        let peer = try #require(SocketPeer(descriptor: ends[0]))
        #expect(peer.processID == getpid())
        #expect(peer.user == geteuid())
        var groups = [gid_t](repeating: 0, count: 1 << 16)
        let count = Int(getgroups(Int32(groups.count), &groups))
        #expect(peer.groups.first == getegid())
        #expect(Set(peer.groups.dropFirst()) == Set(groups.prefix(count)))
    }

    @Test("what is no unix socket has none")
    func pipes() {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { ends.forEach { _ = close($0) } }
        #expect(SocketPeer(descriptor: ends[0]) == nil)
    }
}
