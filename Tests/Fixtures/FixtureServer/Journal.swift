/// What arrived on stdin and what was cancelled, for tests that ask what the server really saw.
actor Journal {
    /// Enough for any one test; older lines are forgotten.
    private static let capacity = 2000

    private var lines: [(method: String, line: String)] = []
    private var cancelledIDs: [String] = []
    private var waiting: [String: AsyncStream<Void>.Continuation] = [:]

    func record(method: String, line: String) {
        lines.append((method, line))
        if lines.count > Self.capacity { lines.removeFirst() }
    }

    func received(method: String?) -> [String] {
        lines.filter { method == nil || $0.method == method }.map(\.line)
    }

    /// Ends when the request of that id (raw text, so `1` and `"1"` are two ids) is cancelled.
    func open(id: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        waiting[id] = continuation
        return stream
    }

    func close(id: String) {
        waiting.removeValue(forKey: id)?.finish()
    }

    func cancel(id: String) {
        cancelledIDs.append(id)
        close(id: id)
    }

    func isCancelled(id: String) -> Bool { cancelledIDs.contains(id) }

    /// A JSON array of the ids exactly as they were spelled.
    var cancelled: String { "[" + cancelledIDs.joined(separator: ",") + "]" }
}
