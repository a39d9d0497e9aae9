/// Why a notification of a server reaches nobody.
public enum DroppedNotification: String, Sendable, CaseIterable {
    /// It may be meant for one client alone, and it cannot be told for which.
    case unattributed
    /// It is of a kind of which it is not known for whom it is.
    case unknown
}
