internal import ArgumentParser
internal import Glibc

/// Why a command has not got from the gateway what it asked for, with an exit status of sysexits.h.
enum ControlFailure: Error, CustomStringConvertible {
    /// There is no control socket at any of these paths.
    case nowhere(paths: [String])
    /// The control socket at this path cannot be connected to.
    case unreachable(path: String, errorNumber: Int32)
    /// What came over the socket cannot be understood, or ended early.
    case broken(path: String, reason: String)
    /// Whoever listens on the socket at this path has not answered for so many seconds.
    case silent(path: String, seconds: Int64)
    /// The gateway refused, and said why and what to do.
    case refused(status: Int, error: String, hint: String?)

    /// What is wrong and what to do.
    var description: String {
        switch self {
        case .nowhere(let paths):
            "no gateway runs here: there is no control socket \(paths.joined(separator: ", ")); start one, "
                + "or name its socket with --control"
        case .unreachable(let path, let errorNumber):
            switch errorNumber {
            case EACCES, EPERM:
                "you may not use \(path); run this as root, or become a member of the gateway's group"
                    + " (usermod -a -G mcp-gateway \(Self.userName))"
            case ECONNREFUSED, ENOENT:
                "no gateway listens on \(path); start it, or name another socket with --control"
            default: "cannot connect to \(path): \(String(cString: strerror(errorNumber)))"
            }
        case .broken(let path, let reason): "\(path): \(reason)"
        case .silent(let path, let seconds):
            "\(path): no answer for \(seconds) s; the gateway may hang: look at systemctl status and at its journal, and "
                + "restart it if its watchdog does not"
        case .refused(_, let error, let hint): hint.map { "\(error); \($0)" } ?? error
        }
    }

    /// The status that a command ends with.
    var exitCode: ExitCode {
        switch self {
        case .nowhere: .unavailable
        case .unreachable(_, let errorNumber):
            errorNumber == EACCES || errorNumber == EPERM ? .noPermission : .unavailable
        case .broken: .unavailable
        case .silent: .temporaryFailure
        case .refused(let status, _, _):
            switch status {
            case 401, 403: .noPermission
            case 422: .configuration
            case 503: .temporaryFailure
            default: .failure
            }
        }
    }

    /// Whether no gateway runs.
    var isNotRunning: Bool {
        switch self {
        case .nowhere: true
        case .unreachable(_, let errorNumber): errorNumber == ECONNREFUSED || errorNumber == ENOENT
        case .broken, .silent, .refused: false
        }
    }

    private static var userName: String {
        getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "SOMEBODY"
    }
}
