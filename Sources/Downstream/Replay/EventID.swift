/// The id of an event of a streamable session: unique in the session, and it tells the stream (MCP "Resumability and
/// Redelivery").
struct EventID: Equatable, Sendable {
    /// The stream's number in its session.
    let stream: UInt64
    /// The event's number in its stream.
    let event: UInt64

    init(stream: UInt64, event: UInt64) {
        self.stream = stream
        self.event = event
    }

    /// Reads an id exactly as it was given out; nil for any other text.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, let stream = UInt64(Substring(parts[0])), let event = UInt64(Substring(parts[1])) else {
            return nil
        }
        self.init(stream: stream, event: event)
        // `+1` and `01` are numbers too, but no ids of ours.
        guard self.text == text else { return nil }
    }

    /// As it stands in an event: `STREAM.EVENT`.
    var text: String { "\(stream).\(event)" }
}
