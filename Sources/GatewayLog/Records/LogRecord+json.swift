internal import JSONRPC
internal import Logging

extension LogRecord {
    /// The entry as a JSON object on one line: `time`, `level`, `event`, `message`, then the fields under their own
    /// names. Numbers are numbers.
    public var json: String {
        var text = "{\"time\":\"\(time.rfc3339)\",\"level\":\"\(level.rawValue)\""
        if let event { text += ",\"event\":\"\(event)\"" }
        text += ",\"message\":\(JSONText.quoted(message))"
        for item in fields {
            text += ",\(JSONText.quoted(Self.reserved.contains(item.key) ? item.key + "_" : item.key)):"
            if item.field?.isNumber == true, let number = Int64(item.value) {
                text += String(number)
            } else {
                text += JSONText.quoted(item.value)
            }
        }
        return (text + "}").jsonForTerminals
    }

    /// Libraries choose their keys, and no object should have one twice.
    private static let reserved: Set<String> = ["time", "level", "event", "message"]
}
