import Glibc
import NIOCore
import TestSupport

/// A TCP socket on a free port of the loopback interface that already listens, as a service manager holds one.
struct ListeningSocket: ~Copyable {
    /// Where it listens.
    let address: SocketAddress
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let isListening = try SocketAddress(ipAddress: "127.0.0.1", port: 0).withSockAddr { address, size in
            bind(descriptor, address, socklen_t(size)) == 0 && listen(descriptor, 128) == 0
        }
        var bound = [UInt8](repeating: 0, count: 128)
        var size = socklen_t(bound.count)
        let isNamed = bound.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &size) } == 0
        }
        guard isListening, isNamed else { throw IOError(errnoCode: errno, reason: "listen") }
        // Where the port stands in sockaddr_in: ip(7).
        address = try SocketAddress(ipAddress: "127.0.0.1", port: Int(bound[2]) << 8 | Int(bound[3]))
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Another descriptor of the same socket, for whoever takes it over.
    func duplicate() -> Int32 {
        dup(descriptor)
    }
}

/// A directory for the files of sockets, with a name that nobody else uses and that is short enough for them.
struct SocketDirectory: ~Copyable {
    let path: String

    init() throws {
        path = "/tmp/mcp-gateway-front-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        guard mkdir(path, 0o700) == 0 else { throw IOError(errnoCode: errno, reason: "mkdir") }
    }

    deinit {
        unlink(file)
        rmdir(path)
    }

    /// The one file in it.
    var file: String { path + "/http.sock" }

    /// The mode of the file; nil if there is none.
    func mode() -> mode_t? {
        var status = stat()
        return lstat(file, &status) == 0 ? status.st_mode : nil
    }
}
