public import NIOCore

/// Who has served a result, as results of MCP 2026-07-28 say it. An object, so that a call that carries it costs one
/// reference.
public final class ServerMark: Sendable, Equatable {
    /// The server's `serverInfo` object, as JSON text.
    public let info: ByteBuffer
    /// The members that nearly every result lacks, with a comma after each: `resultType`, and the server in `_meta`.
    let members: ByteBuffer

    /// Marks results as those of a server.
    public init(_ info: ByteBuffer) {
        self.info = info
        var members = ByteBuffer()
        members.writeStaticString("\"resultType\":\"complete\",")
        Self.write(info, into: &members)
        members.writeStaticString(",")
        self.members = members
    }

    /// Of nobody in particular.
    public static let none = ServerMark(ByteBuffer(string: "{}"))

    /// Two of the same server.
    public static func == (one: ServerMark, other: ServerMark) -> Bool { one.info == other.info }

    /// Writes the `_meta` member of a result that has no other metadata.
    static func write(_ info: ByteBuffer, into output: inout ByteBuffer) {
        output.writeStaticString("\"_meta\":{\"io.modelcontextprotocol/serverInfo\":")
        output.writeImmutableBuffer(info)
        output.writeStaticString("}")
    }
}
