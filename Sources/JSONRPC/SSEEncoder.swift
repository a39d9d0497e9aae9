public import NIOCore

/// Writes an event stream (WHATWG HTML §9.2) as every MCP client reads it: LF, one `data` line for each event.
///
/// Nothing that is passed in can end a line early: a CR or LF in it becomes a space. In JSON that changes no meaning.
public enum SSEEncoder {
    /// Appends one event.
    ///
    /// - Parameters:
    ///   - name: the event's type; nil leaves it to be `message`.
    ///   - data: the data; empty, with an id, for a priming event (MCP 2025-11-25).
    ///   - id: what the client sends as `Last-Event-ID` to resume after this event.
    ///   - buffer: where the event is appended.
    public static func event(
        _ name: String? = nil, data: ByteBuffer, id: String? = nil, into buffer: inout ByteBuffer
    ) {
        // The fixed text is shorter than 32 bytes.
        buffer.reserveCapacity(
            minimumWritableBytes: data.readableBytes + (name?.utf8.count ?? 0) + (id?.utf8.count ?? 0) + 32)
        if let id { line("id: ", id, into: &buffer) }
        if let name { line("event: ", name, into: &buffer) }
        buffer.writeStaticString("data: ")
        buffer.writeOnOneLine(data)
        buffer.writeStaticString("\n\n")
    }

    /// Appends a comment, which clients ignore: it keeps a silent connection alive.
    public static func comment(_ text: String = "", into buffer: inout ByteBuffer) {
        line(text.isEmpty ? ":" : ": ", text, into: &buffer)
        buffer.writeStaticString("\n")
    }

    /// Appends how long a client is to wait before it reconnects. It is no event of its own.
    public static func retry(milliseconds: Int, into buffer: inout ByteBuffer) {
        line("retry: ", String(milliseconds), into: &buffer)
        buffer.writeStaticString("\n")
    }

    private static func line(_ field: StaticString, _ value: String, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(field)
        buffer.writeOnOneLine(value)
        buffer.writeStaticString("\n")
    }
}
