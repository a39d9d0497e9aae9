/// Ways into phases that several events lead to.
extension ServerLifecycle {
    /// The next life, or `failed` if the specification cannot be run.
    static func launching(_ record: LifeRecord, automatically: Bool, now: Duration) -> ServerLifecycle {
        var record = record
        record.since = now
        switch record.specification.launch {
        case .process, .remote, .builtin:
            record.beginLife(automatically: automatically)
            return .starting(record, deadline: now + record.specification.startTimeout)
        case .unavailable(let reason):
            return .failed(record, reason: reason)
        case .disabled:
            return .disabled(record)
        }
    }

    /// The next life, because somebody asked for it: old failures are forgotten.
    static func launchingOnRequest(_ record: LifeRecord, now: Duration) -> ServerLifecycle {
        var record = record
        record.forgive()
        return launching(record, automatically: false, now: now)
    }

    /// The first step of the stop sequence.
    static func stopping(
        _ record: LifeRecord, aim: StopSequence.Aim, verdict: ExitReport.Cause? = nil, readySince: Duration? = nil,
        now: Duration
    ) -> ServerLifecycle {
        var record = record
        record.since = now
        let deadline = now + record.specification.stopTimeout
        return .stopping(
            record, StopSequence(aim: aim, verdict: verdict, readySince: readySince, deadline: deadline))
    }

    /// Nothing runs, and nothing should.
    static func resting(_ record: LifeRecord, now: Duration) -> ServerLifecycle {
        var record = record
        record.since = now
        return .stopped(record)
    }

    /// The present life ended in failure.
    static func recovering(
        _ record: LifeRecord, from report: ExitReport, readyFor: Duration?, permanent: Bool, now: Duration,
        jitter: Double
    ) -> ServerLifecycle {
        var record = record
        record.since = now
        record.endLife(report, readyFor: readyFor, now: now, askedFor: false)
        guard !permanent else { return .failed(record, reason: ExitReport(cause: report.cause).description) }
        let wait = record.waitAfterFailure(readyFor: readyFor, now: now, jitter: jitter)
        guard wait > .zero else { return launching(record, automatically: true, now: now) }
        return .backingOff(record, until: now + wait)
    }
}
