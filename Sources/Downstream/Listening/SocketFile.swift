internal import Glibc
internal import NIOCore

/// The file of a unix socket that the gateway listens on.
enum SocketFile {
    /// Opens a socket at this path, and lets its owner and group connect before anybody can. A file that a dead process
    /// has left there is replaced.
    ///
    /// - Throws: `IOError`; EADDRINUSE also if somebody listens there or the file is something else.
    static func listen(at path: String, backlog: Int32) throws -> Int32 {
        try removeAbandoned(path)
        let descriptor = try makeSocket()
        do {
            try check("bind", withAddress(path) { bind(descriptor, $0, $1) })
            try check("chmod", chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP))
            try check("listen", Glibc.listen(descriptor, backlog))
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Removes the file of a socket that nobody listens on.
    private static func removeAbandoned(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw IOError(errnoCode: errno, reason: "lstat") }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw IOError(errnoCode: EADDRINUSE, reason: "bind") }
        let descriptor = try makeSocket()
        defer { close(descriptor) }
        // It does not block: whoever listens and is busy refuses it with EAGAIN.
        guard try withAddress(path, { connect(descriptor, $0, $1) }) != 0, errno == ECONNREFUSED else {
            throw IOError(errnoCode: EADDRINUSE, reason: "bind")
        }
        try check("unlink", unlink(path))
    }

    private static func makeSocket() throws -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        try check("socket", descriptor)
        return descriptor
    }

    private static func withAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) throws -> Result {
        try SocketAddress(unixDomainSocketPath: path).withSockAddr { body($0, socklen_t($1)) }
    }

    private static func check(_ call: String, _ result: Int32) throws {
        if result < 0 { throw IOError(errnoCode: errno, reason: call) }
    }
}
