public import Supervision

/// How servers stand at the moment, as samples.
public enum ServerSamples {
    /// Those of one server.
    ///
    /// - Parameter sessions: of clients, on its route.
    public static func of(_ snapshot: ServerSnapshot, sessions: Int) -> [Sample] {
        let server: [Sample.Label] = [("server", snapshot.name)]
        var samples = [
            Sample(.serverUp, snapshot.isReady ? 1 : 0, server),
            Sample(.serverBackoff, snapshot.nextAttemptIn.map(seconds) ?? 0, server),
            Sample(.serverInstances, Double(snapshot.instances), server),
            Sample(.clientSessions, Double(sessions), server),
            Sample(.requestsInFlight, Double(snapshot.inFlight), server),
        ]
        samples += ServerSnapshot.Phase.allCases.map { phase in
            Sample(.serverPhase, snapshot.phase == phase ? 1 : 0, server + [("phase", phase.rawValue)])
        }
        if let code = snapshot.lastExit?.cause.exitCode {
            samples.append(Sample(.serverLastExitCode, Double(code), server))
        }
        return samples
    }

    static func seconds(_ duration: Duration) -> Double {
        duration / .seconds(1)
    }
}
