/// What happens to the connection of one generation.
extension ServerLifecycle {
    /// The handshake is done. News of another life, or after a stop has begun, comes too late.
    mutating func handshakeCompleted(_ generation: Generation, now: Duration) -> LifecycleAction {
        switch consume self {
        case .disabled(let record):
            self = .disabled(record)
            return .ignore
        case .stopped(let record):
            self = .stopped(record)
            return .ignore
        case .starting(var record, let deadline):
            guard generation == record.generation else {
                self = .starting(record, deadline: deadline)
                return .ignore
            }
            record.since = now
            self = .ready(record)
            return entryAction
        case .ready(let record):
            self = .ready(record)
            return .ignore
        case .backingOff(let record, let until):
            self = .backingOff(record, until: until)
            return .ignore
        case .stopping(let record, let sequence):
            self = .stopping(record, sequence)
            return .ignore
        case .failed(let record, let reason):
            self = .failed(record, reason: reason)
            return .ignore
        }
    }

    /// The connection is of no use, because the handshake cannot succeed or the server closed its output: the life is
    /// stopped, and its end counts as a failure.
    mutating func connectionFailed(_ generation: Generation, reason: String, now: Duration) -> LifecycleAction {
        switch consume self {
        case .disabled(let record):
            self = .disabled(record)
            return .ignore
        case .stopped(let record):
            self = .stopped(record)
            return .ignore
        case .starting(let record, let deadline):
            guard generation == record.generation else {
                self = .starting(record, deadline: deadline)
                return .ignore
            }
            self = .stopping(record, aim: .recovery, verdict: .handshakeFailed(reason: reason), now: now)
            return entryAction
        case .ready(let record):
            guard generation == record.generation else {
                self = .ready(record)
                return .ignore
            }
            self = .stopping(
                record, aim: .recovery, verdict: .connectionLost(reason: reason), readySince: record.since, now: now)
            return entryAction
        case .backingOff(let record, let until):
            self = .backingOff(record, until: until)
            return .ignore
        case .stopping(let record, let sequence):
            self = .stopping(record, sequence)
            return .ignore
        case .failed(let record, let failure):
            self = .failed(record, reason: failure)
            return .ignore
        }
    }

    /// The life of a generation is over: its process is gone, or never was.
    ///
    /// - Parameters:
    ///   - permanent: another try cannot end otherwise (the command does not exist), so none is made.
    ///   - jitter: between -1 and 1, newly drawn for each call.
    mutating func ended(
        _ generation: Generation, _ report: ExitReport, permanent: Bool = false, now: Duration, jitter: Double
    ) -> LifecycleAction {
        switch consume self {
        case .disabled(let record):
            self = .disabled(record)
            return .ignore
        case .stopped(let record):
            self = .stopped(record)
            return .ignore
        case .starting(let record, let deadline):
            guard generation == record.generation else {
                self = .starting(record, deadline: deadline)
                return .ignore
            }
            self = .recovering(record, from: report, readyFor: nil, permanent: permanent, now: now, jitter: jitter)
            return entryAction
        case .ready(let record):
            guard generation == record.generation else {
                self = .ready(record)
                return .ignore
            }
            let readyFor = now - record.since
            self = .recovering(record, from: report, readyFor: readyFor, permanent: permanent, now: now, jitter: jitter)
            return entryAction
        case .backingOff(let record, let until):
            self = .backingOff(record, until: until)
            return .ignore
        case .stopping(var record, let sequence):
            guard generation == record.generation else {
                self = .stopping(record, sequence)
                return .ignore
            }
            let report = ExitReport(
                cause: sequence.verdict ?? report.cause, lastStandardErrorLine: report.lastStandardErrorLine)
            let readyFor = sequence.readySince.map { now - $0 }
            switch sequence.aim {
            case .stopped:
                record.endLife(report, readyFor: readyFor, now: now, askedFor: true)
                self = .resting(record, now: now)
            case .restart where !permanent:
                record.endLife(report, readyFor: readyFor, now: now, askedFor: true)
                self = .launchingOnRequest(record, now: now)
            case .restart, .recovery:
                self = .recovering(
                    record, from: report, readyFor: readyFor, permanent: permanent, now: now, jitter: jitter)
            }
            return entryAction
        case .failed(let record, let reason):
            self = .failed(record, reason: reason)
            return .ignore
        }
    }
}
