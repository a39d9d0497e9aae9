/// The life of one managed server, as a pure machine: it holds values only, time and randomness are passed in, and
/// what must be done is returned to the shell (`ManagedServer`).
///
/// ```
/// stopped     ─ start, restart ──────────────────► starting
/// starting    ─ handshakeCompleted ──────────────► ready
///             ─ connectionFailed, start deadline ► stopping, aim recovery
///             ─ ended ───────────────────────────► backingOff
/// ready       ─ ended ───────────────────────────► starting at once, or backingOff (see Backoff)
///             ─ connectionFailed ────────────────► stopping, aim recovery
/// starting,   ─ stop ────────────────────────────► stopping, aim stopped
/// ready       ─ restart ─────────────────────────► stopping, aim restart
///             ─ ended for good ──────────────────► failed
/// backingOff  ─ its timer, restart ──────────────► starting
///             ─ stop ────────────────────────────► stopped
/// stopping    ─ its timers ──────────────────────► the next step: closeInput, terminate, kill
///             ─ start, stop, restart ────────────► stopping, with another aim
///             ─ ended ───────────────────────────► stopped, starting or backingOff, as the aim says
/// failed      ─ start, restart ──────────────────► starting
///             ─ stop ────────────────────────────► stopped
/// disabled    no event leads out
/// ```
///
/// The wanted state is not stored beside the phase, where the two could disagree: only `stopping` can serve either,
/// and says which by its `aim`.
///
/// Every event method consumes the old phase, so forgetting to enter a phase is an error of compilation; every event
/// is answered in every phase, without `default`. Events of an older generation and timers no longer waited for are
/// ignored here, so that the shell need not look.
enum ServerLifecycle: ~Copyable {
    /// Switched off in the configuration.
    case disabled(LifeRecord)
    /// Nothing runs, and nothing should.
    case stopped(LifeRecord)
    /// Launched; the MCP handshake is not done.
    case starting(LifeRecord, deadline: Duration)
    /// The handshake is done.
    case ready(LifeRecord)
    /// The last life failed; the next one begins at `until`.
    case backingOff(LifeRecord, until: Duration)
    /// The stop sequence runs.
    case stopping(LifeRecord, StopSequence)
    /// It cannot be run; the reason says why.
    case failed(LifeRecord, reason: String)

    /// A server that was just configured: stopped, or what its specification says.
    init(_ specification: ServerSpecification, now: Duration) {
        let record = LifeRecord(specification, now: now)
        switch specification.launch {
        case .process, .remote, .builtin: self = .stopped(record)
        case .unavailable(let reason): self = .failed(record, reason: reason)
        case .disabled: self = .disabled(record)
        }
    }

    /// What the server takes with it from phase to phase.
    ///
    /// Not inlined, like some of the properties in `ServerLifecycle+snapshot.swift`: the optimizer of Swift 6.3.1
    /// crashes (in JumpThreadSimplifyCFG) when it merges several switches over one non-copyable enum.
    @inline(never)
    var record: LifeRecord {
        switch self {
        case .disabled(let record): record
        case .stopped(let record): record
        case .starting(let record, _): record
        case .ready(let record): record
        case .backingOff(let record, _): record
        case .stopping(let record, _): record
        case .failed(let record, _): record
        }
    }

    /// What the shell must do when the present phase has just been entered.
    var entryAction: LifecycleAction {
        switch self {
        case .disabled: .clearTimer
        case .stopped: .clearTimer
        case .starting(let record, let deadline):
            .launch(record.generation, Alarm(token: record.token(.startDeadline), at: deadline))
        case .ready: .clearTimer
        case .backingOff(let record, let until):
            .backOff(Alarm(token: record.token(.backOff), at: until))
        case .stopping(let record, let sequence):
            .stopStep(sequence.step, record.generation, sequence.alarm(of: record))
        case .failed: .clearTimer
        }
    }
}

extension LifeRecord {
    /// The token of the present life's timer for this purpose.
    func token(_ purpose: TimerToken.Purpose) -> TimerToken {
        TimerToken(purpose: purpose, generation: generation)
    }
}
