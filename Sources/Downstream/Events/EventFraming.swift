internal import Glibc
internal import NIOCore

/// Server-sent events as bytes (HTML Living Standard, "Server-sent events").
enum EventFraming {
    /// A comment that every reader ignores.
    static let ping = ByteBuffer(string: ": ping\n\n")

    /// The event that holds one JSON-RPC message.
    static func message(_ json: ByteBuffer, id: EventID? = nil) -> ByteBuffer {
        var frame = ByteBuffer()
        frame.reserveCapacity(json.readableBytes + (id == nil ? 24 : 56))
        if let id { frame.writeString("id: \(id.text)\n") }
        frame.writeStaticString("event: message\ndata: ")
        let start = frame.writerIndex
        frame.writeImmutableBuffer(json)
        if containsLineBreak(json) { blankLineBreaks(in: &frame, from: start) }
        frame.writeStaticString("\n\n")
        return frame
    }

    /// A line break would end the data. In JSON one can only stand between tokens, where a space is as good.
    private static func blankLineBreaks(in frame: inout ByteBuffer, from start: Int) {
        for index in start..<frame.writerIndex {
            guard let byte = frame.getInteger(at: index, as: UInt8.self), isLineBreak(byte) else { continue }
            frame.setInteger(UInt8(ascii: " "), at: index)
        }
    }

    /// Almost never, so it must be found out fast: two searches that the C library does 32 bytes at a time.
    private static func containsLineBreak(_ json: ByteBuffer) -> Bool {
        json.withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return memchr(start, 0x0A, bytes.count) != nil || memchr(start, 0x0D, bytes.count) != nil
        }
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// An event without data: it gives the client an id to come back with, and perhaps the time after which to (MCP
    /// 2025-11-25, "Listening for Messages"; HTML Living Standard, `retry`).
    static func mark(_ id: EventID, retry: Duration? = nil) -> ByteBuffer {
        let retry = retry.map { "retry: \(Int($0 / .milliseconds(1)))\n" } ?? ""
        return ByteBuffer(string: "id: \(id.text)\n\(retry)data:\n\n")
    }

    /// The first event of the older transport: where to POST messages.
    static func endpoint(_ uri: String) -> ByteBuffer {
        ByteBuffer(string: "event: endpoint\ndata: \(uri)\n\n")
    }
}
