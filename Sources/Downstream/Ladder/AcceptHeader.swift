/// What kinds of answer a client takes, out of the two that MCP has (RFC 9110 §12.5.1).
struct AcceptHeader: Equatable, Sendable {
    var json: Bool
    var eventStream: Bool

    /// Reads the header; absent or empty, it takes everything.
    init(_ value: String?) {
        guard let value, !value.utf8.isEmpty else {
            self.init(json: true, eventStream: true)
            return
        }
        // What nearly every client sends needs no look at its parts.
        guard value != "application/json, text/event-stream" else {
            self.init(json: true, eventStream: true)
            return
        }
        self.init(json: false, eventStream: false)
        // A more specific range wins over a wider one, so that `*/*, text/event-stream;q=0` takes no stream.
        var jsonRank = 0
        var eventStreamRank = 0
        for element in value.split(separator: ",") {
            let parts = element.split(separator: ";")
            guard let range = parts.first.map(Self.trimmed)?.lowercased() else { continue }
            let isWanted = !parts.dropFirst().contains(where: Self.isZeroQuality)
            if let rank = Self.rank(of: range, for: "application/json", "application/*"), rank > jsonRank {
                (json, jsonRank) = (isWanted, rank)
            }
            if let rank = Self.rank(of: range, for: "text/event-stream", "text/*"), rank > eventStreamRank {
                (eventStream, eventStreamRank) = (isWanted, rank)
            }
        }
    }

    init(json: Bool, eventStream: Bool) {
        self.json = json
        self.eventStream = eventStream
    }

    private static func rank(of range: String, for exact: String, _ type: String) -> Int? {
        switch range {
        case exact: 3
        case type: 2
        case "*/*": 1
        default: nil
        }
    }

    private static func isZeroQuality(_ parameter: Substring) -> Bool {
        let text = trimmed(parameter).lowercased()
        guard text.hasPrefix("q=") else { return false }
        return text.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
        return text
    }
}
