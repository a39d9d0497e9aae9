internal import Downstream
internal import GatewayCore
internal import GatewayLog
internal import Logging
internal import ServiceLifecycle

/// The control socket: the admin API for programs of this machine. It is the last to close, so that the end of the
/// servers can be watched.
struct ControlFront: Service {
    /// Where it is to be made.
    enum Place {
        /// Where it usually is; the gateway goes on without if that cannot be.
        case standard
        /// At this path, or the gateway does not start.
        case path(String)
        /// Nowhere.
        case off
    }

    private let front: HTTPFront

    /// Opens the socket.
    ///
    /// - Returns: `nil` if there is to be none, or none can be made at the usual place.
    /// - Throws: `StartFailure` if it cannot be made where it was asked for.
    static func open(
        at place: Place, _ control: any GatewayControl, gateway: Gateway, logger: Logger
    ) async throws -> ControlFront? {
        switch place {
        case .off: return nil
        case .path(let path):
            do {
                return try await ControlFront(at: path, control, gateway, logger)
            } catch let failure as ListenFailure {
                throw StartFailure(
                    reason: "cannot make the control socket \(path): \(failure.reason); choose another with --control",
                    errorNumber: failure.errorNumber)
            }
        case .standard:
            guard let path = ControlSocket.standardPath(in: ProcessEnvironment.current) else { return nil }
            // The user's directory of it is this program's to make; systemd makes that of a service.
            _ = path.lastIndex(of: "/").map { File.makeDirectory(String(path[..<$0])) }
            do {
                return try await ControlFront(at: path, control, gateway, logger)
            } catch let failure as ListenFailure {
                logger.log(.controlUnavailable, [.path: "\(path)", .reason: "\(failure.reason)"])
                return nil
            }
        }
    }

    private init(
        at path: String, _ control: any GatewayControl, _ gateway: Gateway, _ logger: Logger
    ) async throws {
        var settings = FrontSettings()
        settings.admin = AdminDoor(control, access: .socket)
        settings.metrics = { control.metrics() }
        settings.admitsPeer = PeerRule.own.admits
        settings.servesServers = false
        settings.connectionLimit = 64
        settings.patienceWithFirst = .milliseconds(100)
        settings.patienceWithNext = .milliseconds(100)
        front = try await HTTPFront.start(at: [.unix(path: path)], gateway: gateway, settings: settings, logger: logger)
    }

    func run() async {
        try? await gracefulShutdown()
        await front.shutdown(grace: .milliseconds(200), lastAnswers: .milliseconds(300))
    }
}
