@testable import GatewayConfiguration

/// The keys that the decoder knows, for comparison with the reference.
enum KnownKeys {
    static let all: [String] = [
        Keys.file, .front, .frontOptions, .cors, .admin, .limits, .server, .serverOptions, .toolFilter, .restart,
        .probe, .instances, .tls, .aggregate, .openAPI, .group, .exposure, .exposedTool,
    ].flatMap { $0.known + $0.later }
}
