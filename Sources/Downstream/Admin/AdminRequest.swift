/// A request for the admin API that the ladder has let in.
struct AdminRequest: Sendable {
    let door: AdminDoor
    let target: AdminTarget
    /// The values of its query, decoded; of two with one name the first.
    let query: [String: String]
    /// Whether the answer is to be a stream of events, where there is a choice.
    let wantsEvents: Bool

    init(_ door: AdminDoor, _ target: AdminTarget, query: Substring, accept: String?) {
        self.door = door
        self.target = target
        self.query = Dictionary(
            query.split(separator: "&").compactMap { item in
                let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let value = PercentEncoding.decode(parts.count == 2 ? parts[1] : "true") else { return nil }
                return (String(parts[0]), value)
            }, uniquingKeysWith: { first, _ in first })
        wantsEvents = accept.map { $0.contains("text/event-stream") } ?? false
    }

    /// Whether a switch of the query is on.
    func isOn(_ name: String) -> Bool {
        query[name] == "true" || query[name] == "1"
    }
}
