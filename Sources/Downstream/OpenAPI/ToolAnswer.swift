internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// How the end of a call is answered over plain HTTP: in the shapes of mcpo.
enum ToolAnswer {
    /// The media type of a `CallToolResult`, for clients that want it whole.
    static let rawType = "application/vnd.mcp+json"

    /// - Parameters:
    ///   - isRaw: whether a result goes out as it is.
    ///   - retryAfter: what to say of a server that cannot be called now, if it has no time of its own.
    static func response(to outcome: PlainCaller.Outcome, isRaw: Bool, retryAfter: Duration) -> Response {
        switch outcome {
        case .unknownTool: return .detail(.notFound, "Not Found")
        case .unavailable(let unavailability) where unavailability.wasSent:
            // Nobody is to try again without a thought.
            return failure(.badGateway, unavailability.reason)
        case .unavailable(let unavailability):
            return failure(.serviceUnavailable, unavailability.reason)
                .with("retry-after", Response.seconds(unavailability.retryAfter ?? retryAfter))
        case .cancelled: return failure(.serviceUnavailable, "the call was given up, because the gateway stops")
        case .result(let result):
            var response = isRaw ? raw(result) : plain(result)
            response.isAnswer = true
            return response
        case .error(let code, let message, let data):
            var response = failure(status(of: code, message, data), message, data)
            response.isAnswer = true
            return response
        }
    }

    private static func raw(_ result: ByteBuffer) -> Response {
        Response(status: .ok, headers: [("content-type", rawType)], body: result)
    }

    private static func plain(_ result: ByteBuffer) -> Response {
        let members = JSONOutline.members(of: result) ?? []
        func member(_ key: String) -> ByteBuffer? { members.last { $0.key == key }?.value }
        let content = member("content").flatMap { JSONOutline.elements(of: $0) } ?? []
        if member("isError") == ByteBuffer(string: "true") {
            let text = content.first.flatMap { ContentBlock($0).text }
            return failure(.internalServerError, text ?? "Unknown tool execution error")
        }
        let values = content.map { ContentBlock($0).value }
        if values.isEmpty, let structured = member("structuredContent") { return .json(.ok, structured) }
        return .json(.ok, values.count == 1 ? values[0] : JSONText.array(values))
    }

    private static func failure(
        _ status: HTTPResponseStatus, _ message: String, _ data: ByteBuffer? = nil
    ) -> Response {
        var detail: [JSONOutline.Member] = [("message", JSONText.quotedBuffer(message))]
        if let data, data != ByteBuffer(string: "null") { detail.append(("data", data)) }
        return .json(status, JSONText.object([("detail", JSONText.object(detail))]))
    }

    private static func status(of code: Int, _ message: String, _ data: ByteBuffer?) -> HTTPResponseStatus {
        switch code {
        case ErrorCode.parseError.rawValue, ErrorCode.invalidRequest.rawValue: .badRequest
        case ErrorCode.methodNotFound.rawValue: .notFound
        // Of the two things that this can mean (MCP "Tools", error handling) one has a status of its own.
        case ErrorCode.invalidParams.rawValue: message.hasPrefix("Unknown tool") ? .notFound : .unprocessableEntity
        case ErrorCode.internalError.rawValue where Self.isTimeout(data): .gatewayTimeout
        default: .internalServerError
        }
    }

    /// Whether the gateway has given the call up.
    private static func isTimeout(_ data: ByteBuffer?) -> Bool {
        data.flatMap { JSONOutline.members(of: $0) }?.contains { $0.key == "callTimeoutMs" } ?? false
    }
}

/// One block of a tool's content (MCP "Tools", tool result).
private struct ContentBlock {
    private let json: ByteBuffer
    private let members: [JSONOutline.Member]

    init(_ json: ByteBuffer) {
        self.json = json
        members = JSONOutline.members(of: json) ?? []
    }

    /// Its text, if it is one.
    var text: String? { string("type") == "text" ? string("text") : nil }

    /// What stands for it. mcpo has nothing for sound and links, and a sentence for resources.
    var value: ByteBuffer {
        switch string("type") {
        case "text":
            let text = ByteBuffer(string: self.text ?? "")
            return JSONValue.isJSON(text) ? text : JSONText.quotedBuffer(self.text ?? "")
        case "image", "audio": return dataURL(self, "data") ?? json
        case "resource":
            let resource = member("resource").map(ContentBlock.init)
            if let text = resource?.string("text") { return JSONText.quotedBuffer(text) }
            return resource.flatMap { dataURL($0, "blob") } ?? json
        default: return json
        }
    }

    private func dataURL(_ block: ContentBlock, _ key: String) -> ByteBuffer? {
        guard let data = block.string(key) else { return nil }
        return JSONText.quotedBuffer("data:\(block.string("mimeType") ?? "application/octet-stream");base64,\(data)")
    }

    private func member(_ key: String) -> ByteBuffer? { members.last { $0.key == key }?.value }

    private func string(_ key: String) -> String? { member(key).flatMap { JSONOutline.string($0) } }
}
