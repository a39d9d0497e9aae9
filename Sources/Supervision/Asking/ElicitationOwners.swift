/// Whose elicitations by URL are open, by the id that the server gave them, as a value: `notifications/elicitation/complete`
/// goes to that caller.
struct ElicitationOwners {
    /// How many are remembered; of more the oldest are forgotten.
    static let capacity = 256
    /// The longest id that is remembered, in bytes.
    static let idLimit = 512

    private var owners: [String: CallerID] = [:]
    private var order: [String] = []

    /// This caller was told of an elicitation.
    mutating func add(_ id: String, of caller: CallerID) {
        guard id.utf8.count <= Self.idLimit else { return }
        if owners.updateValue(caller, forKey: id) == nil { order.append(id) }
        if order.count > Self.capacity { owners[order.removeFirst()] = nil }
    }

    /// Whose elicitation is complete.
    mutating func take(_ id: String) -> CallerID? {
        guard let caller = owners.removeValue(forKey: id) else { return nil }
        order.removeAll { $0 == id }
        return caller
    }

    /// A caller is gone.
    mutating func remove(_ caller: CallerID) {
        guard !owners.isEmpty else { return }
        owners = owners.filter { $0.value != caller }
        order.removeAll { owners[$0] == nil }
    }
}
