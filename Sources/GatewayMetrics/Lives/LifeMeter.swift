internal import CoreMetrics
public import Supervision

/// Measures the lives of all servers by how they stand whenever something changes. Lives on the event loop.
public final class LifeMeter {
    private struct Standing {
        var restarts = 0
        var readySince: Duration?
    }

    private let instruments: Instruments
    private var standings: [String: Standing] = [:]

    /// Nothing is known yet.
    public init(instruments: Instruments) {
        self.instruments = instruments
    }

    /// A server has changed.
    ///
    /// - Parameter now: on the clock of `ServerSnapshot.since`.
    public func observe(_ snapshot: ServerSnapshot, now: Duration) {
        var standing = standings[snapshot.name] ?? Standing()
        if snapshot.restarts > standing.restarts, let exit = snapshot.lastExit {
            let labels = [("server", snapshot.name), ("reason", exit.cause.word)]
            Counter(label: Metric.serverRestarts.rawValue, dimensions: labels, factory: instruments)
                .increment(by: snapshot.restarts - standing.restarts)
        }
        standing.restarts = snapshot.restarts
        if snapshot.isReady, standing.readySince == nil {
            standing.readySince = now
            if let startTook = snapshot.startTook { record(startTook, as: .serverReady, of: snapshot.name) }
        } else if !snapshot.isReady, let readySince = standing.readySince {
            standing.readySince = nil
            record(now - readySince, as: .clientSessionDuration, of: snapshot.name)
        }
        standings[snapshot.name] = standing
    }

    /// Only these servers are there still; what was measured of others is forgotten.
    public func keepOnly(_ names: Set<String>) {
        for gone in standings.keys where !names.contains(gone) {
            standings[gone] = nil
            instruments.forget(server: gone)
        }
    }

    private func record(_ duration: Duration, as metric: Metric, of server: String) {
        CoreMetrics.Timer(label: metric.rawValue, dimensions: [("server", server)], factory: instruments)
            .recordNanoseconds(duration.nanoseconds)
    }
}

extension ExitReport.Cause {
    /// It in a word, for a label.
    var word: String {
        switch self {
        case .exited: "exited"
        case .signalled: "signalled"
        case .notStarted: "not-started"
        case .unreachable: "unreachable"
        case .unauthorized: "unauthorized"
        case .handshakeFailed: "handshake-failed"
        case .connectionLost: "connection-lost"
        }
    }

    /// Its exit status as a shell tells it: 128 and the number of a signal; `nil` if no process ended.
    var exitCode: Int? {
        switch self {
        case .exited(let status): Int(status)
        case .signalled(let signal): 128 + Int(signal)
        case .notStarted, .unreachable, .unauthorized, .handshakeFailed, .connectionLost: nil
        }
    }
}
