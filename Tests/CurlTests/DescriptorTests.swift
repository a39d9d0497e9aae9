import Curl
import Glibc
import TestHTTP
import Testing

/// Descriptors that a program started by this process would get.
@Suite("Descriptors", .timeLimit(.minutes(2))) struct DescriptorTests {
    @Test("the socket of a connection is closed on exec")
    func closeOnExec() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/"))
            let exchange = try #require(await server.next())
            exchange.beginEvents()
            _ = try await receiver.head()
            let sockets = Self.sockets(to: server.port)
            #expect(sockets.count == 1)
            for socket in sockets { #expect(fcntl(socket, F_GETFD) & FD_CLOEXEC != 0) }
        }
    }

    /// Our descriptors that are connected to this port of loopback.
    private static func sockets(to port: Int) -> [Int32] {
        (0..<4096).filter { descriptor in
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isConnected = withUnsafeMutableBytes(of: &address) { bytes in
                bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                    addresses.baseAddress.map { getpeername(descriptor, $0, &length) == 0 } ?? false
                }
            }
            return isConnected && address.sin_family == AF_INET && Int(UInt16(bigEndian: address.sin_port)) == port
        }
    }
}
