/// One place where the front takes connections from.
public enum ListenPoint: Sendable, Equatable {
    /// A TCP port. The host is a name or an address, nil means every address of the machine; port 0 lets the system
    /// choose one.
    case tcp(host: String?, port: Int)
    /// A unix socket, whose file is made at this path and removed when the front stops. Its owner and group may connect.
    case unix(path: String)
    /// A listening stream socket, TCP or unix, that somebody else has opened. The front closes this descriptor when it
    /// stops, and leaves the socket to whoever holds another: connections that it has not taken wait there.
    case opened(descriptor: Int32)

    /// The host of the machine's own by which clients may call it.
    var host: String? {
        switch self {
        case .tcp(let host, _): host
        case .unix, .opened: nil
        }
    }

    /// The file that listening makes.
    var file: String? {
        switch self {
        case .unix(let path): path
        case .tcp, .opened: nil
        }
    }
}

/// Why the front cannot listen at one place.
public struct ListenFailure: Error {
    /// Where.
    public let point: ListenPoint
    /// What bind(2), listen(2) or their like failed with, as an `errno` value; nil if it was something else.
    public let errorNumber: Int32?
    /// What it was, in words.
    public let reason: String
}
