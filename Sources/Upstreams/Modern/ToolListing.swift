internal import JSONRPC
internal import NIOCore

/// Whether the list of a server's tools is known, from which the header fields of calls are made, and which calls wait
/// for it.
struct ToolListing {
    /// More pages than that are not asked for.
    static let pageLimit = 100
    /// How long calls wait for it.
    static let patience = Duration.seconds(10)

    private enum State {
        /// The server has no tools, or its calls no header fields.
        case notNeeded
        case unknown
        /// On its way, so many pages of it.
        case asked(pages: Int)
        case known
    }

    private var state: State
    /// Whether calls are made without it meanwhile.
    private var isRefresh = false
    /// Whether it changed while it was on its way.
    private var isStale = false
    private var waiting: [RequestID] = []

    init(isNeeded: Bool) {
        state = isNeeded ? .unknown : .notNeeded
    }

    /// Whether a call cannot be made yet.
    var mustBeWaitedFor: Bool {
        if case .asked = state { !isRefresh } else { false }
    }

    /// A call waits for it.
    mutating func wait(_ call: RequestID) { waiting.append(call) }

    /// A call waits no more.
    mutating func forget(_ call: RequestID) { waiting.removeAll { $0 == call } }

    /// It is wanted, or wanted again: whether to ask for its first page.
    ///
    /// - Parameter refreshing: whether calls can be made with what is known.
    mutating func begin(refreshing: Bool) -> Bool {
        switch state {
        case .notNeeded: return false
        case .asked:
            isStale = true
            // What was a refresh is now waited for, too.
            isRefresh = isRefresh && refreshing
            return false
        case .unknown, .known:
            (isRefresh, isStale) = (refreshing, false)
            state = .asked(pages: 1)
            return true
        }
    }

    /// A page has come: whether to ask for the next.
    mutating func turn(hasNext: Bool) -> Bool {
        guard case .asked(let pages) = state, hasNext, pages < Self.pageLimit else { return false }
        state = .asked(pages: pages + 1)
        return true
    }

    /// No more pages come: the calls that waited, and whether it has to be asked for once more.
    mutating func end() -> (calls: [RequestID], isStale: Bool) {
        guard case .asked = state else { return ([], false) }
        state = .known
        defer { (waiting, isStale) = ([], false) }
        return (waiting, isStale)
    }
}
