import Glibc

/// The manager's side of sd_notify: a datagram socket with a name that nobody else uses.
struct DatagramSocket: ~Copyable {
    struct Failure: Error {
        let call: String
        let errorNumber: Int32
    }

    /// The name, in the form of `NOTIFY_SOCKET`.
    let path: String
    private let descriptor: Int32

    init() throws {
        path = "/tmp/mcp-gateway-notify-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", errorNumber: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                bind(descriptor, addresses.baseAddress, socklen_t(bytes.count)) == 0
            }
        }
        guard isBound else {
            let failure = Failure(call: "bind", errorNumber: errno)
            close(descriptor)
            throw failure
        }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// The next message; `nil` if none comes within ten seconds.
    func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
