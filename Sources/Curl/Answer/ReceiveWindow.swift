/// How much of a body is with its receiver, and whether more may come.
struct ReceiveWindow {
    /// Whether the transfer waits for the receiver.
    private(set) var isClosed = false

    private let size: Int
    private var outstanding = 0

    /// A window for so many bytes, at least one.
    init(size: Int) {
        self.size = max(size, 1)
    }

    /// Lets these bytes through, or refuses them, and everything until `consume` says otherwise. Bytes that begin
    /// within the window may end beyond it.
    mutating func admit(_ count: Int) -> Bool {
        guard outstanding < size else {
            isClosed = true
            return false
        }
        outstanding += count
        return true
    }

    /// The receiver is done with so many bytes. Returns whether a transfer that waits may now go on.
    mutating func consume(_ count: Int) -> Bool {
        outstanding = max(outstanding - max(count, 0), 0)
        guard isClosed, outstanding < size else { return false }
        isClosed = false
        return true
    }
}
