import Glibc

/// A TCP socket on loopback that nobody accepts from: what connects to it waits. Once it is full, even that takes for ever.
struct Listener: ~Copyable {
    struct Failure: Error {
        let call: String
        let errorNumber: Int32
    }

    let port: Int
    private let descriptor: Int32
    private var fillers: [Int32] = []

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", errorNumber: errno) }
        var address = Self.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                bind(descriptor, addresses.baseAddress, length) == 0 && listen(descriptor, 0) == 0
                    && getsockname(descriptor, addresses.baseAddress, &length) == 0
            }
        }
        guard result else {
            let failure = Failure(call: "listen", errorNumber: errno)
            close(descriptor)
            throw failure
        }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        for filler in fillers { close(filler) }
        close(descriptor)
    }

    /// Takes all places in the queue, so that the kernel drops further connections.
    mutating func fill() {
        for _ in 0..<4 {
            let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = Self.address(port: port)
            _ = withUnsafeBytes(of: &address) { bytes in
                bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                    connect(filler, addresses.baseAddress, socklen_t(bytes.count))
                }
            }
            fillers.append(filler)
        }
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }
}

extension Listener {
    /// A port that nobody listens on, for some time.
    static func freePort() throws -> Int {
        try Listener().port
    }
}
