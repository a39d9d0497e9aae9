public import NIOCore

/// Builds the JSON-RPC messages that the gateway itself has to say.
///
/// What is passed as a `ByteBuffer` is JSON text and goes in as it is, except that a CR or LF between its tokens
/// becomes a space: what is built stands on one line.
public enum MessageBuilder {
    /// The successful answer to request `id`.
    public static func result(id: RequestID, _ result: ByteBuffer) -> ByteBuffer {
        build(reserving: id.json.readableBytes + result.readableBytes) { message in
            message.writeStaticString(",\"id\":")
            message.writeImmutableBuffer(id.json)
            message.writeStaticString(",\"result\":")
            message.writeOnOneLine(result)
        }
    }

    /// The answer that request `id` failed (JSON-RPC 2.0 §5.1).
    ///
    /// - Parameters:
    ///   - id: nil when the request's id could not be read.
    ///   - hasID: whether the id stands there as `null` then, as JSON-RPC 2.0 §5 wants it. MCP 2026-07-28 has none
    ///     (`JSONRPCErrorResponse`).
    ///   - code: a JSON-RPC or MCP error code.
    ///   - message: one sentence for a person.
    ///   - data: any JSON value for a program.
    public static func error(
        id: RequestID?, hasID: Bool = true, code: Int, message text: String, data: ByteBuffer? = nil
    ) -> ByteBuffer {
        build(reserving: text.utf8.count + (data?.readableBytes ?? 0) + 64) { message in
            if let id {
                message.writeStaticString(",\"id\":")
                message.writeImmutableBuffer(id.json)
            } else if hasID {
                message.writeStaticString(",\"id\":null")
            }
            message.writeStaticString(",\"error\":{\"code\":")
            message.writeString(String(code))
            message.writeStaticString(",\"message\":")
            JSONText.write(text, into: &message)
            if let data {
                message.writeStaticString(",\"data\":")
                message.writeOnOneLine(data)
            }
            message.writeStaticString("}")
        }
    }

    /// The answer that request `id` failed, with an error object that somebody else has made.
    public static func error(id: RequestID, _ error: ByteBuffer) -> ByteBuffer {
        build(reserving: id.json.readableBytes + error.readableBytes) { message in
            message.writeStaticString(",\"id\":")
            message.writeImmutableBuffer(id.json)
            message.writeStaticString(",\"error\":")
            message.writeOnOneLine(error)
        }
    }

    /// A request under the gateway's own `id`.
    ///
    /// - Parameter params: a JSON object; nil leaves the member out.
    public static func request(id: RequestID, method: String, params: ByteBuffer? = nil) -> ByteBuffer {
        build(reserving: id.json.readableBytes + method.utf8.count + (params?.readableBytes ?? 0)) { message in
            message.writeStaticString(",\"id\":")
            message.writeImmutableBuffer(id.json)
            writeCall(method, params, into: &message)
        }
    }

    /// A notification.
    ///
    /// - Parameter params: a JSON object; nil leaves the member out.
    public static func notification(method: String, params: ByteBuffer? = nil) -> ByteBuffer {
        build(reserving: method.utf8.count + (params?.readableBytes ?? 0)) { message in
            writeCall(method, params, into: &message)
        }
    }

    private static func writeCall(_ method: String, _ params: ByteBuffer?, into message: inout ByteBuffer) {
        message.writeStaticString(",\"method\":")
        JSONText.write(method, into: &message)
        if let params {
            message.writeStaticString(",\"params\":")
            message.writeOnOneLine(params)
        }
    }

    private static func build(reserving variable: Int, _ body: (inout ByteBuffer) -> Void) -> ByteBuffer {
        // The fixed text of the longest message is shorter than 64 bytes.
        var message = ByteBuffer()
        message.reserveCapacity(variable + 64)
        message.writeStaticString("{\"jsonrpc\":\"2.0\"")
        body(&message)
        message.writeStaticString("}")
        return message
    }
}
