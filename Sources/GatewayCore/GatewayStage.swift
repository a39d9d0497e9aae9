internal import Supervision

/// Where in its own life the gateway is.
public enum GatewayStage: Sendable {
    /// It has not been ready yet: required servers are waited for.
    case starting
    /// It has been ready once.
    case serving
    /// It opens no more sessions, and ends.
    case stopping
}

extension GatewayStatus {
    /// `line`, after what the gateway itself is at: `waiting for git; 3/4 servers ready; git starting`.
    func line(in stage: GatewayStage) -> String {
        switch stage {
        case .starting:
            awaited.isEmpty ? line : "waiting for \(Self.enumerated(awaited.map(\.name), by: ", ")); \(line)"
        case .serving: line
        case .stopping: "stopping; \(line)"
        }
    }
}
