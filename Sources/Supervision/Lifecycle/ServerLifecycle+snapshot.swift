/// How the machine is seen from outside.
extension ServerLifecycle {
    /// Where in its life the server is.
    var phase: ServerSnapshot.Phase {
        switch self {
        case .disabled: .disabled
        case .stopped: .stopped
        case .starting: .starting
        case .ready: .ready
        case .backingOff: .backingOff
        case .stopping: .stopping
        case .failed: .failed
        }
    }

    /// Whether the server should be up.
    @inline(never)
    var isWantedUp: Bool {
        switch self {
        case .disabled: false
        case .stopped: false
        case .starting: true
        case .ready: true
        case .backingOff: true
        case .stopping(_, let sequence): sequence.aim != .stopped
        case .failed: true
        }
    }

    /// How the server is now.
    func snapshot(now: Duration, traffic: TrafficFacts = TrafficFacts()) -> ServerSnapshot {
        let record = record
        let discreetReason = reason(now: now, quotesOutput: false)
        return ServerSnapshot(
            name: record.specification.name, phase: phase, isWantedUp: isWantedUp, since: record.since,
            generation: record.generation.number, restarts: record.restarts,
            lastExit: record.tally.deaths.last?.report, nextAttemptIn: nextAttempt.map { max($0 - now, .zero) },
            reason: reason(now: now, quotesOutput: true), discreetReason: discreetReason,
            health: healthFacts(now: now, reason: discreetReason, traffic: traffic).report)
    }

    /// What the health is judged by.
    private func healthFacts(now: Duration, reason: String, traffic: TrafficFacts) -> HealthFacts {
        let record = record
        let policy = record.specification.restart
        return HealthFacts(
            phase: phase, isWantedUp: isWantedUp, launch: record.specification.launch, reason: reason,
            failure: presentFailure ?? record.lastFailure.map { $0.failure(now: now) },
            recentFailures: record.window.count(now: now, policy: policy), window: policy.window,
            failsTooOften: record.window.isExhausted, callTimeout: record.specification.callTimeout, traffic: traffic)
    }

    /// Why the present life is being ended, if not on request.
    @inline(never)
    private var presentFailure: HealthFacts.Failure? {
        switch self {
        case .disabled: nil
        case .stopped: nil
        case .starting: nil
        case .ready: nil
        case .backingOff: nil
        case .stopping(_, let sequence): sequence.failure
        case .failed: nil
        }
    }

    /// When the next start is tried, if one is planned.
    @inline(never)
    private var nextAttempt: Duration? {
        switch self {
        case .disabled: nil
        case .stopped: nil
        case .starting: nil
        case .ready: nil
        case .backingOff(_, let until): until
        case .stopping: nil
        case .failed: nil
        }
    }

    /// One sentence: what happened last, and what will happen next.
    ///
    /// - Parameter quotesOutput: whether it may hold what the server wrote to stderr.
    private func reason(now: Duration, quotesOutput: Bool) -> String {
        switch self {
        case .disabled:
            return "switched off in the configuration"
        case .stopped(let record):
            return record.generation.number == 0 ? "not started yet" : "stopped on request"
        case .starting(let record, let deadline):
            let waiting = "waiting for the MCP handshake, for another \((deadline - now).spoken) at most"
            guard let failure = record.lastFailure else { return waiting }
            return "\(failure.clause(now: now, quotesOutput: quotesOutput)); started again, \(waiting)"
        case .ready(let record):
            return "ready for \((now - record.since).spoken)"
        case .backingOff(let record, let until):
            let next = "next start in \((until - now).spoken)"
            let pace =
                record.window.isExhausted
                ? " (failed too often; only one try every \(record.specification.restart.exhaustedInterval.spoken))"
                : ""
            guard let failure = record.lastFailure else { return next + pace }
            return "\(failure.clause(now: now, quotesOutput: quotesOutput)); \(next)\(pace)"
        case .stopping(let record, let sequence):
            return sequence.sentence(now: now, record.specification.launch)
        case .failed(let record, let reason):
            let what = "\(reason.excerpt)\(quotesOutput ? record.lastFailure?.quotation ?? "" : "")"
            if case .process = record.specification.launch { return "\(what); started as soon as that has changed" }
            return "\(what); correct it and reload the gateway"
        }
    }
}

extension StopSequence {
    /// Which step was taken, and what comes next.
    fileprivate func sentence(now: Duration, _ launch: ServerSpecification.Launch) -> String {
        let why =
            switch verdict {
            case .some(let cause): "stopping, because it \(ExitReport(cause: cause).description.excerpt)"
            case nil: aim == .stopped ? "stopping on request" : "stopping for a restart"
            }
        let next = deadline.map { " in \(($0 - now).spoken)" } ?? ""
        if case .remote = launch {
            return switch step {
            case .closeInput: "\(why): session ended, connections closed\(next)"
            case .terminate, .kill: "\(why): connections closed, not gone yet"
            }
        }
        return switch step {
        case .closeInput: "\(why): input closed, asked to terminate\(next)"
        case .terminate: "\(why): asked to terminate, killed\(next)"
        case .kill: "\(why): killed, not gone yet"
        }
    }

    /// Why the life is ended, if not on request.
    fileprivate var failure: HealthFacts.Failure? {
        verdict.map { cause in
            HealthFacts.Failure(
                cause: cause, wasReady: readySince != nil, clause: ExitReport(cause: cause).description.excerpt)
        }
    }
}

extension DeathTally.Death {
    /// What ended the life, when, and its last words.
    fileprivate func clause(now: Duration, quotesOutput: Bool) -> String {
        "\(ExitReport(cause: report.cause).description.excerpt), \((now - at).spoken) ago"
            + (quotesOutput ? quotation : "")
    }

    /// The last words, to be put after a clause.
    fileprivate var quotation: String {
        report.lastStandardErrorLine.map { "; last stderr line: \"\($0.excerpt)\"" } ?? ""
    }

    fileprivate func failure(now: Duration) -> HealthFacts.Failure {
        HealthFacts.Failure(
            cause: report.cause, wasReady: readyFor != nil, clause: clause(now: now, quotesOutput: false))
    }
}

extension String {
    /// At most 300 characters of it, without control characters: a server chooses these bytes, and the sentence
    /// goes to logs and terminals.
    fileprivate var excerpt: String {
        let limit = 300
        let clean = String(
            unicodeScalars.prefix(limit).map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return unicodeScalars.count > limit ? clean + "…" : clean
    }
}
