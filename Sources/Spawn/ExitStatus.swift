internal import CSpawn

/// How a process ended, wait(2).
public enum ExitStatus: Sendable, Equatable {
    /// It left with this status, 0 to 255; -1 if something else in this program collected it first, which is a defect.
    case exited(Int32)
    /// It was killed by this signal.
    case signalled(Int32)
}

extension ExitStatus {
    /// How the process of a pidfd ended, which stays a zombie; `nil` while it runs.
    init?(ofEnded pidfd: Int32) {
        var status: Int32 = -1
        var isSignal: Int32 = 0
        guard cspawn_peek(pidfd, &status, &isSignal) != 0 else { return nil }
        self = isSignal != 0 ? .signalled(status) : .exited(status)
    }
}
