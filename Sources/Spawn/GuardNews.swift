/// What happens to the guard, for a log.
public enum GuardNews: Sendable, Equatable {
    /// A guard runs, and knows all groups that are alive.
    case started(processID: Int32)
    /// The guard has ended while the program it watches runs. Another one follows, after a pause if it lived for less
    /// than a second.
    case ended(ExitStatus)
    /// No guard could be started; another try follows. Programs are started without one meanwhile.
    case cannotStart(SpawnFailure)
}
