extension HealthFacts {
    /// So many failures within the window are remarkable even if the server is ready again.
    static let remarkableFailures = 3
    /// A ping that has had no answer for so long is remarkable.
    static let remarkableDelay = Duration.seconds(5)

    /// How well the server serves.
    var report: HealthReport {
        switch phase {
        case .disabled:
            HealthReport(level: .off, summary: "switched off", detail: reason)
        case .stopped:
            HealthReport(level: .off, summary: reason)
        case .starting:
            recovery ?? HealthReport(level: .degraded, summary: "starting", detail: reason)
        case .ready:
            readiness
        case .backingOff:
            recovery ?? HealthReport(level: .unhealthy, summary: "waiting for its next start", detail: reason)
        case .stopping:
            isWantedUp
                ? recovery ?? HealthReport(level: .degraded, summary: "restarting on request", detail: reason)
                : HealthReport(level: .off, summary: "stopping on request", detail: reason)
        case .failed:
            HealthReport(
                level: .unhealthy, summary: failure?.cause.trouble ?? "misconfigured", detail: reason,
                suggestedAction: advice)
        }
    }

    /// It is ready, which does not mean that it is well.
    private var readiness: HealthReport {
        if let delay = traffic.unansweredPing, delay >= Self.remarkableDelay {
            return HealthReport(
                level: .degraded, summary: "no answer to a ping for \(delay.spoken)",
                detail: "nothing has come from it since; if nothing comes soon, it is "
                    + (isRemote ? "connected to again" : "stopped and started again"))
        }
        if let silence = traffic.silence {
            let calls = traffic.inFlight == 1 ? "1 call" : "\(traffic.inFlight) calls"
            return HealthReport(
                level: .degraded, summary: "silent for \(silence.spoken) with \(calls) waiting",
                detail: "no answer and no progress has come; after \(callTimeout.spoken) of that a call is given up "
                    + "(callTimeout)",
                suggestedAction: HealthAdvice.silence(launch))
        }
        if recentFailures >= Self.remarkableFailures, let failure {
            return HealthReport(
                level: .degraded,
                summary: "ready, but \(isRemote ? "reconnected" : "restarted") \(recentFailures) times "
                    + "in \(window.spoken)",
                detail: "the last time it \(failure.clause)", suggestedAction: advice)
        }
        return HealthReport(
            level: .healthy, summary: "ready",
            detail: traffic.knowsPings ? nil : "it answers no pings, so that a hang will show only in calls")
    }

    /// It has failed and is on its way to the next life; `nil` if it has not failed.
    private var recovery: HealthReport? {
        guard let failure else { return nil }
        let isRare = failure.wasReady && !failsTooOften && recentFailures < Self.remarkableFailures
        return HealthReport(
            level: isRare ? .degraded : .unhealthy,
            summary: failure.wasReady ? restart(failure) : failure.cause.trouble, detail: reason,
            suggestedAction: advice)
    }

    private func restart(_ failure: Failure) -> String {
        if isRemote { return "reconnecting" }
        switch failure.cause {
        case .exited, .signalled: return "restarting after a crash"
        case .notStarted, .unreachable, .unauthorized, .handshakeFailed, .connectionLost:
            return "restarting after its connection broke"
        }
    }

    private var advice: String? {
        HealthAdvice.after(failure?.cause, launch, isLasting: phase == .failed)
    }

    private var isRemote: Bool {
        if case .remote = launch { true } else { false }
    }
}

extension ExitReport.Cause {
    /// What such an end says of a server that does not get ready, in a few words.
    fileprivate var trouble: String {
        switch self {
        case .exited, .signalled: "ends before it is ready"
        case .notStarted: "cannot be started"
        case .unreachable: "cannot be reached"
        case .unauthorized: "does not let the gateway in"
        case .handshakeFailed: "does not complete the MCP handshake"
        case .connectionLost: "breaks the connection"
        }
    }
}
