// What those are told who cannot be served: which server, how it is, what happened last, what happens next.

extension ManagedServer {
    /// Why a call that was never sent is not answered.
    func unavailability() -> Unavailability {
        let snapshot = snapshot()
        return Unavailability(
            server: name, phase: snapshot.phase.rawValue,
            reason: "server \"\(name)\" is \(snapshot.phase.rawValue): \(snapshot.reason)",
            retryAfter: snapshot.nextAttemptIn ?? (canBecomeReady ? .seconds(1) : nil))
    }

    /// Why a call cannot wait for the server either.
    func crowd() -> Unavailability {
        Unavailability(
            server: name, phase: lifecycle.phase.rawValue,
            reason: "server \"\(name)\" is \(lifecycle.phase.rawValue), and too many calls wait for it already",
            retryAfter: .seconds(1))
    }

    /// Why a call that was sent is given up with the whole gateway.
    func stoppingGateway() -> Unavailability {
        Unavailability(
            server: name, phase: lifecycle.phase.rawValue,
            reason:
                "the gateway is stopping, and server \"\(name)\" has not answered in time; the call is not repeated",
            wasSent: true)
    }

    /// Why a call that was sent will never be answered. It is not repeated: it may have had its effect.
    func lostCall(_ report: ExitReport) -> Unavailability {
        let snapshot = snapshot()
        return Unavailability(
            server: name, phase: snapshot.phase.rawValue,
            reason: "server \"\(name)\" \(report.clause("before it answered")); the call is not repeated. "
                + "It is \(snapshot.phase.rawValue) now: \(snapshot.reason)",
            retryAfter: snapshot.nextAttemptIn, wasSent: true)
    }

    /// Why a call is given up that the server was handed twice and has not taken.
    func notTaken() -> Unavailability {
        Unavailability(
            server: name, phase: lifecycle.phase.rawValue,
            reason: "server \"\(name)\" twice lost its session, or its connection, before it took the call; the call "
                + "was not executed and can be made again",
            retryAfter: .seconds(1))
    }

    /// Why a call that was sent will never be answered, although the server lives on.
    func lostCall(_ reason: String) -> Unavailability {
        Unavailability(
            server: name, phase: lifecycle.phase.rawValue,
            reason: "server \"\(name)\" \(reason); the call is not repeated", wasSent: true)
    }

    /// Why a call could not be written to a server that lives.
    func unreadInput(_ bytes: Int) -> Unavailability {
        Unavailability(
            server: name, phase: lifecycle.phase.rawValue,
            reason: "server \"\(name)\" does not read its input: \(bytes) bytes wait for it already",
            retryAfter: .seconds(1))
    }
}
