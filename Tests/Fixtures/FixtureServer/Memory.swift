/// What tools remember between calls, and what the client has asked for.
actor Memory {
    private static let levels = [
        "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency",
    ]

    private var waiting: [String: AsyncStream<Void>.Continuation] = [:]
    private var cancelled: [String] = []
    private var chosenLevels: [String] = []
    private var subscribed: Set<String> = []
    private var subscriptionRequests: [String] = []
    private var outcomes: [String] = []
    private var notified: [String] = []
    private(set) var grown: [String] = []
    private(set) var capabilities = "{}"

    /// Ends when that name is released.
    func wait(as name: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        waiting[name] = continuation
        return stream
    }

    func release(_ name: String) { waiting.removeValue(forKey: name)?.finish() }

    func abandoned(_ name: String) {
        waiting.removeValue(forKey: name)
        cancelled.append(name)
    }

    var seen: String {
        let names = Self.array(waiting.keys.sorted().map(JSONText.quoted))
        return #"{"waiting":\#(names),"cancelled":\#(Self.array(cancelled.map(JSONText.quoted)))}"#
    }

    func setLevel(_ level: String) { chosenLevels.append(level) }

    /// Everything is wanted until the client says otherwise.
    func wants(level: String) -> Bool {
        guard let chosen = chosenLevels.last.flatMap(Self.levels.firstIndex),
            let own = Self.levels.firstIndex(of: level)
        else { return true }
        return own >= chosen
    }

    var levelsSet: String { Self.array(chosenLevels.map(JSONText.quoted)) }

    func subscribe(_ uri: String) {
        subscriptionRequests.append(#"["subscribe",\#(JSONText.quoted(uri))]"#)
        subscribed.insert(uri)
    }

    func unsubscribe(_ uri: String) {
        subscriptionRequests.append(#"["unsubscribe",\#(JSONText.quoted(uri))]"#)
        subscribed.remove(uri)
    }

    /// Whether the resource or one that contains it is subscribed to.
    func isSubscribed(_ uri: String) -> Bool {
        subscribed.contains { uri == $0 || uri.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }

    var subscriptions: String { Self.array(subscriptionRequests) }

    func add(outcome: String) { outcomes.append(outcome) }

    var outcomesOfQuestions: String { Self.array(outcomes) }

    func heard(_ method: String, _ params: RawJSON?) {
        notified.append("[\(JSONText.quoted(method)),\(params?.description ?? "null")]")
    }

    var notifications: String { Self.array(notified) }

    func grow(_ name: String) { grown.append(name) }

    func declared(_ capabilities: String) { self.capabilities = capabilities }

    private static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }
}
