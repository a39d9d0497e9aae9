/// A stop sequence under way: which step was taken last, and what happens when it has succeeded.
struct StopSequence: Equatable, Sendable {
    /// What happens once the server is gone.
    enum Aim: Hashable, Sendable, CaseIterable {
        /// Nothing more: it should be down.
        case stopped
        /// It is launched again at once, because somebody asked for it.
        case restart
        /// It counts as a failure, and the restart policy decides.
        case recovery
    }

    /// The step taken last.
    private(set) var step = StopStep.closeInput
    /// When the next step is due; `nil` after the last one.
    private(set) var deadline: Duration?
    /// What happens at the end. May change on the way.
    var aim: Aim
    /// Why the life is ended, if not on request; it replaces the exit status, which is only our own signal.
    let verdict: ExitReport.Cause?
    /// When the life became ready, if it did.
    let readySince: Duration?

    /// Begins with the first step.
    init(aim: Aim, verdict: ExitReport.Cause? = nil, readySince: Duration? = nil, deadline: Duration) {
        self.aim = aim
        self.verdict = verdict
        self.readySince = readySince
        self.deadline = deadline
    }

    /// Goes on to the next step, which has until `deadline` if it is not the last.
    mutating func advance(deadline: Duration) {
        switch step {
        case .closeInput:
            step = .terminate
            self.deadline = deadline
        case .terminate:
            step = .kill
            self.deadline = nil
        case .kill:
            self.deadline = nil
        }
    }

    /// The timer of the present step.
    func alarm(of record: LifeRecord) -> Alarm? {
        guard let deadline else { return nil }
        switch step {
        case .closeInput: return Alarm(token: record.token(.inputClosed), at: deadline)
        case .terminate: return Alarm(token: record.token(.terminated), at: deadline)
        case .kill: return nil
        }
    }
}
