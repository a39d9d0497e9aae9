/// Everything that is measured, under the name that Prometheus sees.
///
/// The first four are those of OpenTelemetry's semantic conventions for MCP, spelled as Prometheus spells them: of a
/// gateway, which is a server to its clients and a client of its servers, there are both.
public enum Metric: String, CaseIterable, Sendable {
    case serverOperationDuration = "mcp_server_operation_duration_seconds"
    case clientOperationDuration = "mcp_client_operation_duration_seconds"
    case serverSessionDuration = "mcp_server_session_duration_seconds"
    case clientSessionDuration = "mcp_client_session_duration_seconds"
    case serverUp = "mcp_gateway_server_up"
    case serverPhase = "mcp_gateway_server_phase"
    case serverRestarts = "mcp_gateway_server_restarts_total"
    case serverLastExitCode = "mcp_gateway_server_last_exit_code"
    case serverBackoff = "mcp_gateway_server_backoff_seconds"
    case serverReady = "mcp_gateway_server_ready_seconds"
    case serverInstances = "mcp_gateway_server_instances"
    case clientSessions = "mcp_gateway_client_sessions"
    case requestsInFlight = "mcp_gateway_requests_in_flight"
    case notificationsDropped = "mcp_gateway_notifications_dropped_total"
    case reloadSuccessful = "mcp_gateway_config_last_reload_successful"
    case reloadTime = "mcp_gateway_config_last_reload_timestamp_seconds"
    case buildInfo = "mcp_gateway_build_info"
    case processCPU = "process_cpu_seconds_total"
    case processMemory = "process_resident_memory_bytes"
    case processDescriptors = "process_open_fds"
    case processDescriptorLimit = "process_max_fds"
    case processStart = "process_start_time_seconds"

    /// What a metric is, to Prometheus.
    public enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// What it is.
    public var kind: Kind {
        switch self {
        case .serverOperationDuration, .clientOperationDuration, .serverSessionDuration, .clientSessionDuration,
            .serverReady:
            .histogram
        case .serverRestarts, .notificationsDropped, .processCPU: .counter
        case .serverUp, .serverPhase, .serverLastExitCode, .serverBackoff, .serverInstances, .clientSessions,
            .requestsInFlight, .reloadSuccessful, .reloadTime, .buildInfo, .processMemory, .processDescriptors,
            .processDescriptorLimit, .processStart:
            .gauge
        }
    }

    /// One sentence for those who read it.
    public var help: String {
        switch self {
        case .serverOperationDuration: "How long requests of clients took, from their arrival until their answer."
        case .clientOperationDuration: "How long requests to servers took, waiting for a server that starts included."
        case .serverSessionDuration: "How long sessions of clients lasted."
        case .clientSessionDuration: "How long lives of servers were ready."
        case .serverUp: "Whether the server is ready."
        case .serverPhase: "1 for the phase that the server is in, 0 for the others."
        case .serverRestarts: "Starts that nobody asked for, by what ended the life before."
        case .serverLastExitCode: "How its last life ended: its exit status, or 128 and the number of the signal."
        case .serverBackoff: "In how long the next start is tried."
        case .serverReady: "How long starts took, from the launch until the server was ready."
        case .serverInstances: "Instances of the server."
        case .clientSessions: "Open sessions of clients."
        case .requestsInFlight: "Requests that wait for an answer of the server."
        case .notificationsDropped: "Notifications of the server that could be passed on to nobody."
        case .reloadSuccessful: "Whether the configuration could be used when it was read last."
        case .reloadTime: "When the configuration was read last and could be used, in Unix time."
        case .buildInfo: "1, with the version of the gateway."
        case .processCPU: "Processor time of the gateway itself, without its servers."
        case .processMemory: "Resident memory of the gateway itself."
        case .processDescriptors: "Open file descriptors."
        case .processDescriptorLimit: "The most file descriptors that may be open."
        case .processStart: "When the gateway was started, in Unix time."
        }
    }

    /// The upper bounds of a histogram's buckets in seconds, as OpenTelemetry's conventions for MCP have them.
    static let bounds: [Double] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]
}
