internal import CSystemd
internal import Glibc

/// A listening stream socket that the service manager has opened for this process and keeps open when it ends
/// (systemd.socket(5)).
public struct PassedSocket: Sendable, Equatable {
    /// The socket; it is closed on exec, and whoever takes it closes it.
    public let descriptor: Int32
    /// What its unit calls it: `FileDescriptorName=`, or the name of the unit.
    public let name: String

    /// Describes a socket.
    public init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// All that were passed, sd_listen_fds_with_names(3). The variables that tell of them are removed from the
    /// environment, so that they are found once, and by no child. To be called before other threads are at work: the
    /// environment has no lock.
    ///
    /// - Throws: `PassedSocketFailure` if one of them cannot be listened on; none is of use then.
    public static func takeAll() throws(PassedSocketFailure) -> [PassedSocket] {
        try takeAll(
            listen: listenDescriptors, isListening: { sd_is_socket($0, AF_UNSPEC, Int32(SOCK_STREAM.rawValue), 1) })
    }

    /// - Parameters:
    ///   - listen: behaves as sd_listen_fds_with_names does: negative: an errno value, else how many.
    ///   - isListening: behaves as sd_is_socket does for listening stream sockets: negative: an errno value, 0: no.
    static func takeAll(
        listen: () -> (count: Int32, names: [String]), isListening: (Int32) -> Int32
    ) throws(PassedSocketFailure) -> [PassedSocket] {
        let (count, names) = listen()
        guard count >= 0 else { throw .malformed(errorNumber: -count) }
        var sockets: [PassedSocket] = []
        for index in 0..<count {
            // Without names, sd_listen_fds_with_names makes some up; a manager that passes too few is not systemd.
            let name = index < names.count ? names[Int(index)] : "unknown"
            let socket = PassedSocket(descriptor: firstDescriptor + index, name: name)
            guard isListening(socket.descriptor) > 0 else { throw .notListening(socket) }
            sockets.append(socket)
        }
        return sockets
    }

    /// SD_LISTEN_FDS_START.
    private static let firstDescriptor: Int32 = 3

    private static func listenDescriptors() -> (count: Int32, names: [String]) {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &list)
        guard count > 0, let list else { return (count, []) }
        defer { free(list) }
        var names: [String] = []
        while let name = list[names.count] {
            names.append(String(cString: name))
            free(name)
        }
        return (count, names)
    }
}

/// Why sockets that were passed cannot be used.
public enum PassedSocketFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// `LISTEN_FDS` and its like cannot be read, or name descriptors that are not open.
    case malformed(errorNumber: Int32)
    /// What was passed is something else.
    case notListening(PassedSocket)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .malformed(let errorNumber):
            let reason = strerror(errorNumber).map { String(cString: $0) } ?? "error \(errorNumber)"
            return "the sockets that the service manager passes cannot be used (\(reason)): LISTEN_FDS, LISTEN_PID or "
                + "LISTEN_FDNAMES is malformed"
        case .notListening(let socket):
            return "descriptor \(socket.descriptor) that the service manager passes (\(socket.name)) is no listening "
                + "stream socket: its socket unit needs ListenStream= and Accept=no"
        }
    }
}
