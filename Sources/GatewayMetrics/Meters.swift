internal import CoreMetrics
public import Supervision
internal import Synchronization

/// All meters of the gateway. From any thread, but for what says otherwise.
public final class Meters: Sendable {
    private struct Kept {
        /// By the name of a server.
        var towardsServers: [String: OperationMeter] = [:]
        /// By the name of a route.
        var towardsClients: [String: OperationMeter] = [:]
    }

    private let instruments = Instruments()
    private let kept = Mutex(Kept())

    /// Nothing is measured yet.
    public init() {}

    /// Measures the calls that the gateway makes to a server.
    public func towards(server name: String) -> any CallMeter {
        kept.withLock { meter(of: name, &$0.towardsServers, .clientOperationDuration, .clientSessionDuration) }
    }

    /// Measures the requests and sessions of clients on a route.
    public func towardsClients(of route: String) -> any CallMeter {
        kept.withLock {
            meter(of: Self.label(of: route), &$0.towardsClients, .serverOperationDuration, .serverSessionDuration)
        }
    }

    /// What a route is called in labels.
    public static func label(of route: String) -> String {
        route.isEmpty ? "/mcp" : route
    }

    private func meter(
        of name: String, _ meters: inout [String: OperationMeter], _ operations: Metric, _ sessions: Metric
    ) -> OperationMeter {
        if let meter = meters[name] { return meter }
        let meter = OperationMeter(operations, sessions, server: name, instruments: instruments)
        meters[name] = meter
        return meter
    }

    /// What 95 of the last hundred calls of a server's tools took no longer than, by the last few hundred; `nil` before
    /// the first.
    public func p95(of server: String) -> Duration? {
        kept.withLock { $0.towardsServers[server] }?.p95
    }

    /// Measures lives of servers. To be used on one thread.
    public func makeLifeMeter() -> LifeMeter {
        LifeMeter(instruments: instruments)
    }

    /// Everything as Prometheus reads it.
    ///
    /// - Parameters:
    ///   - current: how things stand at the moment, besides what was measured.
    ///   - names: servers and routes that are there; what was measured of others is forgotten.
    public func text(with current: [Sample], of names: Set<String>) -> String {
        let gone = kept.withLock { kept in
            let gone = Set(kept.towardsServers.keys).union(kept.towardsClients.keys).subtracting(names)
            for name in gone {
                kept.towardsServers[name] = nil
                kept.towardsClients[name] = nil
            }
            return gone
        }
        for name in gone { instruments.forget(server: name) }
        return Exposition.text(of: current + instruments.samples)
    }
}
