/// A request for the admin API that the ladder has let in.
struct AdminRequest: Sendable {
    let door: AdminDoor
    let target: AdminTarget
    /// The values of its query, decoded; of two with one name the first.
    let query: [String: String]
    /// Whether the query has nothing that cannot be decoded, and nothing twice.
    private let isClear: Bool
    /// Whether the answer is to be a stream of events, where there is a choice.
    let wantsEvents: Bool

    init(_ door: AdminDoor, _ target: AdminTarget, query: Substring, accept: String?) {
        self.door = door
        self.target = target
        let items = query.split(separator: "&")
        self.query = Dictionary(
            items.compactMap { item in
                let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let value = PercentEncoding.decode(parts.count == 2 ? parts[1] : "true", allowsSlash: true) else {
                    return nil
                }
                return (String(parts[0]), value)
            }, uniquingKeysWith: { first, _ in first })
        isClear = self.query.count == items.count
        wantsEvents = accept.map { $0.contains("text/event-stream") } ?? false
    }

    /// Whether the query, which may have nothing but this switch, turns it on; `nil` if it says anything else. A word
    /// that is misspelt must not turn a question into an order.
    func onlySwitch(_ name: String) -> Bool? {
        guard isClear, query.allSatisfy({ $0.key == name }) else { return nil }
        switch query[name] {
        case nil, "false", "0": return false
        case "true", "1": return true
        case .some: return nil
        }
    }
}
