internal import Downstream
internal import GatewayConfiguration
internal import GatewayCore
internal import Glibc
internal import Logging
internal import NIOCore
internal import Systemd

/// Where the gateway listens: on the sockets that the service manager passes, and without any where the configuration
/// says.
struct ListenPlan {
    private let passed: [PassedSocket]
    private let addresses: [ListenAddress]

    init(_ front: FrontConfiguration, passed: [PassedSocket]) {
        self.passed = passed
        addresses = front.addresses
    }

    /// Where there is nothing but OpenAPI tools. The service manager's sockets are for the gateway's own addresses.
    init(openAPI front: FrontConfiguration) {
        passed = []
        addresses = front.openAPI.isEnabled ? front.openAPI.addresses : []
    }

    /// Whether there is nowhere to listen.
    var isEmpty: Bool { points.isEmpty }

    /// Begins to listen.
    ///
    /// - Throws: `StartFailure`.
    func start(_ gateway: Gateway, settings: FrontSettings, logger: Logger) async throws -> HTTPFront {
        do {
            return try await HTTPFront.start(at: points, gateway: gateway, settings: settings, logger: logger)
        } catch let failure as ListenFailure {
            throw StartFailure(
                reason: "cannot listen on \(name(of: failure.point)): \(failure.reason)\(Self.advice(on: failure))",
                errorNumber: failure.errorNumber)
        }
    }

    /// The addresses of a front that this plan has started, each with a remark, if there is one to be made.
    func listens(of front: HTTPFront) -> [(url: String, remark: String?)] {
        let urls = front.localAddresses.map(\.url)
        guard !passed.isEmpty else { return urls.map { ($0, nil) } }
        return zip(urls, passed).map { url, socket in
            (url, "the service manager passes it as \"\(socket.name)\"; addr is not used")
        }
    }

    private var points: [ListenPoint] {
        passed.isEmpty ? addresses.map(ListenPoint.init) : passed.map { .opened(descriptor: $0.descriptor) }
    }

    private func name(of point: ListenPoint) -> String {
        if let address = addresses.first(where: { ListenPoint($0) == point }) { return "\(address)" }
        let socket = passed.first { .opened(descriptor: $0.descriptor) == point }
        return "the socket that the service manager passes as \"\(socket?.name ?? "unknown")\""
    }

    private static func advice(on failure: ListenFailure) -> String {
        switch (failure.point, failure.errorNumber) {
        case (.tcp, EADDRINUSE): "; `ss -ltnp` shows which program listens there"
        case (.tcp, EACCES):
            "; ports below 1024 are privileged: choose another, or have systemd open it (mcp-gateway.socket)"
        case (.unix, EADDRINUSE): "; `ss -lxp` shows which program listens there, if the file is a socket at all"
        case (.unix, ENOENT): "; make its directory, in a unit with RuntimeDirectory="
        case (.tcp, _), (.unix, _), (.opened, _): ""
        }
    }
}

extension ListenPoint {
    fileprivate init(_ address: ListenAddress) {
        switch address {
        case .tcp(let host, let port): self = .tcp(host: host, port: port)
        case .unix(let path): self = .unix(path: path)
        }
    }
}

extension SocketAddress {
    /// The address as the beginning of a URL, or as the configuration writes that of a unix socket.
    var url: String {
        guard let ipAddress else { return "unix:\(pathname ?? "")" }
        return "http://\(ipAddress.contains(":") ? "[\(ipAddress)]" : ipAddress):\(port ?? 0)"
    }

    /// Whether only this machine can reach it.
    var isLocal: Bool {
        guard let ipAddress else { return true }
        return ipAddress == "::1" || ipAddress.hasPrefix("127.")
    }
}
