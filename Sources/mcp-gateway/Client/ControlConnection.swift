internal import Glibc

/// One HTTP/1.1 request over the control socket, and its answer. It blocks: the program has nothing else to do.
final class ControlConnection {
    /// How long an answer is waited for.
    enum Patience {
        /// So many seconds, for all of it: the gateway answers such a request at once if it can.
        case seconds(Int64)
        /// As long as it takes, which is told on a terminal: a server works on it.
        case endless
    }

    /// The longest head of an answer that is read.
    private static let headLimit = 64 << 10

    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var isAtEnd = false
    private var isChunked = false
    /// Bytes of the body that are still to come; `nil` if its end is that of the connection.
    private var remaining: Int?
    private let patience: Patience
    private let began = ContinuousClock.now
    private var isStream = false
    private var progress = ProgressLine()

    /// The status of the answer.
    private(set) var status = 0

    /// Connects to the socket and sends a request, whose answer's head is awaited.
    ///
    /// - Throws: `ControlFailure` if nobody listens there, does not speak HTTP, or does not answer in time.
    init(
        _ method: String, _ target: String, at path: String, body: [UInt8]? = nil, accept: String = "application/json",
        patience: Patience
    ) throws(ControlFailure) {
        self.path = path
        self.patience = patience
        descriptor = try Self.connect(to: path)
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: \(accept)\r\n"
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        // What goes wrong here shows when the answer is read: whoever refuses may have closed already.
        Self.write(Array((head + "\r\n").utf8) + (body ?? []), to: descriptor)
        try readHead()
    }

    /// From here on the answer is a stream, in which nothing may come for a long time.
    func becomeStream() {
        isStream = true
    }

    deinit { close(descriptor) }

    /// The next bytes of the body, as they arrive; none at its end.
    func read() throws(ControlFailure) -> [UInt8] {
        while true {
            if let remaining {
                if remaining > 0 { return try take(upTo: remaining) }
                guard isChunked, try nextChunk() else { return [] }
            } else if buffer.isEmpty {
                guard try fill() else { return [] }
            } else {
                defer { buffer.removeAll() }
                return buffer
            }
        }
    }

    /// The rest of the body.
    func readAll() throws(ControlFailure) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let bytes = try read()
            if bytes.isEmpty { return body }
            body += bytes
        }
    }

    /// Whether something can be read now, or within so many milliseconds.
    func isReadable(within milliseconds: Int32) -> Bool {
        guard buffer.isEmpty else { return true }
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, milliseconds) != 0
    }

    private func take(upTo count: Int) throws(ControlFailure) -> [UInt8] {
        if buffer.isEmpty {
            guard try fill() else { throw .broken(path: path, reason: "the answer ends in its middle") }
        }
        let taken = Array(buffer.prefix(count))
        buffer.removeFirst(taken.count)
        remaining = count - taken.count
        // The line break after a chunk.
        if remaining == 0, isChunked { _ = try line() }
        return taken
    }

    private func nextChunk() throws(ControlFailure) -> Bool {
        let size = try line().prefix { $0 != UInt8(ascii: ";") }
        guard let count = Int(String(decoding: size, as: UTF8.self), radix: 16) else {
            throw .broken(path: path, reason: "the answer is malformed")
        }
        remaining = count
        if count == 0 { isChunked = false }
        return count > 0
    }

    private func readHead() throws(ControlFailure) {
        let words = String(decoding: try line(), as: UTF8.self).split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw .broken(path: path, reason: "what listens there is no gateway")
        }
        self.status = status
        while true {
            let field = String(decoding: try line(), as: UTF8.self).lowercased()
            if field.isEmpty { return }
            let parts = field.split(separator: ":", maxSplits: 1)
            let value = parts.last?.trimmingPrefix { $0 == " " } ?? ""
            switch parts.first {
            case "content-length": remaining = Int(value)
            case "transfer-encoding" where value.contains("chunked"):
                isChunked = true
                remaining = 0
            default: break
            }
        }
    }

    /// The next line, without its end.
    private func line() throws(ControlFailure) -> [UInt8] {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                var line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return line
            }
            guard buffer.count < Self.headLimit, try fill() else {
                throw .broken(path: path, reason: "the answer ends in its middle")
            }
        }
    }

    /// Reads more, or finds that there is no more.
    private func fill() throws(ControlFailure) -> Bool {
        guard !isAtEnd else { return false }
        if !isStream { try awaitBytes() }
        while true {
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 64 << 10) { bytes, initialized in
                count = Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                initialized = max(count, 0)
            }
            if count > 0 {
                buffer += chunk
                return true
            }
            if count == 0 {
                isAtEnd = true
                return false
            }
            guard errno == EINTR else { throw .broken(path: path, reason: String(cString: strerror(errno))) }
        }
    }

    private func awaitBytes() throws(ControlFailure) {
        defer { progress.clear() }
        while true {
            let waited = ContinuousClock.now - began
            var tick: Int32 = 1000
            switch patience {
            case .seconds(let limit):
                let left = Duration.seconds(limit) - waited
                guard left > .zero else { throw .silent(path: path, seconds: limit) }
                tick = Int32(left / .milliseconds(1)) + 1
            case .endless:
                if waited > .seconds(1) { progress.show("waiting for the answer, \(waited.components.seconds) s") }
            }
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // An error shows when it is read.
            if poll(&wanted, 1, tick) > 0 { return }
        }
    }

    private static func connect(to path: String) throws(ControlFailure) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .unreachable(path: path, errorNumber: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .unreachable(path: path, errorNumber: errno) }
        let result = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Glibc.connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let errorNumber = errno
            close(descriptor)
            throw .unreachable(path: path, errorNumber: errorNumber)
        }
        return descriptor
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                if written < 0 {
                    guard errno == EINTR else { return }
                } else {
                    rest = rest.dropFirst(written)
                }
            }
        }
    }
}
