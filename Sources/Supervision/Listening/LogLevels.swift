internal import MCP

/// The log levels that callers of one server have asked for, as a value: the server is asked for the most verbose, and
/// each caller gets what it wants of that.
struct LogLevels {
    /// What those get who never said what they want, once somebody else did: what a server logs by itself is known only
    /// while nobody has.
    static let unasked = LoggingLevel.info

    private var wishes: [CallerID: LoggingLevel] = [:]
    /// What the server was told last in its present life.
    private(set) var told: LoggingLevel?

    /// What the server should log at; `nil` if nobody has ever said.
    var wanted: LoggingLevel? { wishes.values.min() }

    /// Whether the server must be told now: somebody wants more than it logs.
    var mustRaise: Bool {
        guard let wanted else { return false }
        return told.map { wanted < $0 } ?? true
    }

    /// Whether it can be told to log less, when that is convenient.
    var canLower: Bool {
        guard let told, !mustRaise else { return false }
        return told < (wanted ?? Self.unasked)
    }

    /// What a caller has asked for.
    func level(of caller: CallerID) -> LoggingLevel? {
        wishes.isEmpty ? nil : wishes[caller]
    }

    /// A caller wants this level and above.
    mutating func set(_ level: LoggingLevel, of caller: CallerID) {
        wishes[caller] = level
    }

    /// A caller is gone.
    ///
    /// - Returns: whether it had asked for any.
    @discardableResult
    mutating func remove(_ caller: CallerID) -> Bool {
        !wishes.isEmpty && wishes.removeValue(forKey: caller) != nil
    }

    /// Returns what to tell the server, which from here on it has been told.
    mutating func tell() -> LoggingLevel? {
        let level = wanted ?? told.map { max($0, Self.unasked) }
        guard let level, level != told else { return nil }
        told = level
        return level
    }

    /// The server has begun another life and knows nothing of it.
    mutating func forgetTold() {
        told = nil
    }

    /// Takes the wishes of another's callers over.
    mutating func takeOver(from predecessor: LogLevels) {
        wishes.merge(predecessor.wishes) { own, _ in own }
    }

    /// Whether this caller gets a message of this level; one whose level cannot be told gets through.
    func admits(_ level: LoggingLevel?, to caller: CallerID) -> Bool {
        guard let told, let level else { return true }
        return level >= (wishes[caller] ?? max(told, Self.unasked))
    }
}
