/// What time brings.
extension ServerLifecycle {
    /// A timer fired. One that the present phase does not wait for is ignored.
    mutating func timerFired(_ token: TimerToken, now: Duration) -> LifecycleAction {
        switch consume self {
        case .disabled(let record):
            self = .disabled(record)
            return .ignore
        case .stopped(let record):
            self = .stopped(record)
            return .ignore
        case .starting(let record, let deadline):
            guard token == record.token(.startDeadline) else {
                self = .starting(record, deadline: deadline)
                return .ignore
            }
            let reason = "no answer to initialize within \(record.specification.startTimeout.spoken)"
            self = .stopping(record, aim: .recovery, verdict: .handshakeFailed(reason: reason), now: now)
            return entryAction
        case .ready(let record):
            self = .ready(record)
            return .ignore
        case .backingOff(let record, let until):
            guard token == record.token(.backOff) else {
                self = .backingOff(record, until: until)
                return .ignore
            }
            self = .launching(record, automatically: true, now: now)
            return entryAction
        case .stopping(let record, var sequence):
            guard token == sequence.alarm(of: record)?.token else {
                self = .stopping(record, sequence)
                return .ignore
            }
            sequence.advance(deadline: now + record.specification.stopTimeout)
            self = .stopping(record, sequence)
            return entryAction
        case .failed(let record, let reason):
            self = .failed(record, reason: reason)
            return .ignore
        }
    }
}
