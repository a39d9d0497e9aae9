/// How a process ended, wait(2).
public enum ExitStatus: Sendable, Equatable {
    /// It left with this status, 0 to 255; -1 if something else in this program collected it first, which is a defect.
    case exited(Int32)
    /// It was killed by this signal.
    case signalled(Int32)
}
