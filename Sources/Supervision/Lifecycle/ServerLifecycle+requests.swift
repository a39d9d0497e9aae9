/// What people and the configuration want.
extension ServerLifecycle {
    /// The server should be up. Where it failed for good, this is another try.
    mutating func start(now: Duration) -> LifecycleAction {
        switch consume self {
        case .disabled(let record):
            self = .disabled(record)
            return .ignore
        case .stopped(let record):
            self = .launchingOnRequest(record, now: now)
            return entryAction
        case .starting(let record, let deadline):
            self = .starting(record, deadline: deadline)
            return .ignore
        case .ready(let record):
            self = .ready(record)
            return .ignore
        case .backingOff(let record, let until):
            self = .backingOff(record, until: until)
            return .ignore
        case .stopping(let record, var sequence):
            if sequence.aim == .stopped { sequence.aim = .restart }
            self = .stopping(record, sequence)
            return .ignore
        case .failed(let record, _):
            self = .launchingOnRequest(record, now: now)
            return entryAction
        }
    }

    /// The server should be down. The phase is `stopped` (or `disabled`) once it is; from phases in which nothing
    /// runs this is at once.
    mutating func stop(now: Duration) -> LifecycleAction {
        switch consume self {
        case .disabled(let record):
            self = .disabled(record)
            return .ignore
        case .stopped(let record):
            self = .stopped(record)
            return .ignore
        case .starting(let record, _):
            self = .stopping(record, aim: .stopped, now: now)
            return entryAction
        case .ready(let record):
            self = .stopping(record, aim: .stopped, readySince: record.since, now: now)
            return entryAction
        case .backingOff(let record, _):
            self = .resting(record, now: now)
            return entryAction
        case .stopping(let record, var sequence):
            sequence.aim = .stopped
            self = .stopping(record, sequence)
            return .ignore
        case .failed(let record, _):
            self = .resting(record, now: now)
            return entryAction
        }
    }

    /// The server should begin a new life: now, or once the present one has been stopped.
    mutating func restart(now: Duration) -> LifecycleAction {
        switch consume self {
        case .disabled(let record):
            self = .disabled(record)
            return .ignore
        case .stopped(let record):
            self = .launchingOnRequest(record, now: now)
            return entryAction
        case .starting(let record, _):
            self = .stopping(record, aim: .restart, now: now)
            return entryAction
        case .ready(let record):
            self = .stopping(record, aim: .restart, readySince: record.since, now: now)
            return entryAction
        case .backingOff(let record, _):
            self = .launchingOnRequest(record, now: now)
            return entryAction
        case .stopping(let record, var sequence):
            sequence.aim = .restart
            self = .stopping(record, sequence)
            return .ignore
        case .failed(let record, _):
            self = .launchingOnRequest(record, now: now)
            return entryAction
        }
    }
}
