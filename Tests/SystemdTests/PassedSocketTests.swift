import Glibc
import Testing

@testable import Systemd

@Suite("Passed sockets")
struct PassedSocketTests {
    @Test("descriptors begin at 3, and each has its name")
    func names() throws {
        let sockets = try PassedSocket.takeAll(
            listen: { (3, ["http", "mcp-gateway.socket", "http"]) }, isListening: { _ in 1 })
        #expect(
            sockets == [
                PassedSocket(descriptor: 3, name: "http"), PassedSocket(descriptor: 4, name: "mcp-gateway.socket"),
                PassedSocket(descriptor: 5, name: "http"),
            ])
    }

    @Test("without sockets there are none")
    func none() throws {
        #expect(try PassedSocket.takeAll(listen: { (0, []) }, isListening: { _ in 1 }).isEmpty)
    }

    @Test("what cannot be listened on is named, with what its unit needs", arguments: [0, -EBADF])
    func notListening(result: Int32) {
        let failure = #expect(throws: PassedSocketFailure.self) {
            try PassedSocket.takeAll(listen: { (2, ["http", "datagrams"]) }, isListening: { $0 == 3 ? 1 : result })
        }
        #expect(failure == .notListening(PassedSocket(descriptor: 4, name: "datagrams")))
        #expect(failure?.description.contains("descriptor 4 that the service manager passes (datagrams)") == true)
        #expect(failure?.description.contains("ListenStream=") == true)
    }

    @Test("variables that make no sense are an error")
    func malformed() {
        let failure = #expect(throws: PassedSocketFailure.self) {
            try PassedSocket.takeAll(listen: { (-EINVAL, []) }, isListening: { _ in 1 })
        }
        #expect(failure == .malformed(errorNumber: EINVAL))
    }
}
