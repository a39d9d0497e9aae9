/// Recognizes what the official Python SDK of before MCP 2026-07-28 writes to stderr when it is asked what it is: a hundred
/// lines that look like a fault of the server's, and are only its way to say that it does not know `server/discover`.
///
/// ```
/// WARNING:root:Failed to validate request: 31 validation errors for ClientRequest
/// PingRequest.method
///   Input should be 'ping' [type=literal_error, input_value='server/discover', input_type=str]
///     For further information visit …
/// ```
struct ProbeComplaint {
    private enum Phase {
        /// Nothing of it has come.
        case awaited
        /// So many of its lines have.
        case going(Int)
        case over
    }

    private var phase = Phase.awaited

    /// More lines than any has.
    private static let limit = 400

    /// Takes the next line that the server writes, and tells whether it belongs to such a complaint. There is one at most.
    mutating func takes(_ line: String) -> Bool {
        switch phase {
        case .awaited:
            guard line.contains("Failed to validate request") else { return false }
            phase = .going(1)
            return true
        case .going(let count):
            guard count < Self.limit, Self.canFollow(line) else {
                phase = .over
                return false
            }
            phase = .going(count + 1)
            return true
        case .over:
            return false
        }
    }

    /// Whether it is indented, or one word with a dot in it, the path to a member of a message.
    private static func canFollow(_ line: String) -> Bool {
        let words = line.split(separator: " ", maxSplits: 1)
        guard let first = words.first else { return false }
        // Rich, with which many programs log, indents a record too that comes in the same second as the one before.
        if line.utf8.first == UInt8(ascii: " ") { return !levels.contains(String(first)) }
        return words.count == 1 && first.contains(".")
    }

    private static let levels: Set<String> = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
}
