public import JSONRPC
public import NIOCore

/// Results as MCP 2026-07-28 has them, made of those of any revision.
public enum ModernResult {
    /// What a client may do with a result of a list, or of a resource (MCP 2026-07-28 "Caching").
    public struct Caching: Sendable, Equatable {
        /// For how long it may be kept, in milliseconds.
        public let timeToLive: Int
        /// Whether it is the same for everybody (`public`) or not (`private`).
        public let isPublic: Bool

        /// Describes how a result may be kept.
        public init(timeToLive: Int, isPublic: Bool) {
            self.timeToLive = timeToLive
            self.isPublic = isPublic
        }

        /// What must be asked for again every time.
        public static let none = Caching(timeToLive: 0, isPublic: false)
        /// What may be kept for good, by anybody: what nothing is merged into.
        public static let unlimited = Caching(timeToLive: .max, isPublic: true)

        /// What may be kept for good, but is not for everybody.
        public static let personal = Caching(timeToLive: .max, isPublic: false)

        /// What may be done with something made of both.
        public func merged(with other: Caching) -> Caching {
            Caching(timeToLive: min(timeToLive, other.timeToLive), isPublic: isPublic && other.isPublic)
        }

        /// What the members of a result say of it; `none` as far as they say nothing, or nothing that makes sense.
        public init(of members: [JSONOutline.Member]) {
            let time = members.last { $0.key == "ttlMs" }.flatMap { Int(String(buffer: $0.value)) } ?? 0
            let scope = members.last { $0.key == "cacheScope" }.flatMap { JSONOutline.string($0.value) }
            self.init(timeToLive: max(time, 0), isPublic: scope == "public")
        }

        /// The members of a result that say it.
        public var members: [JSONOutline.Member] {
            [
                ("ttlMs", ByteBuffer(string: String(timeToLive))),
                ("cacheScope", JSONText.quotedBuffer(isPublic ? "public" : "private")),
            ]
        }
    }

    /// The methods whose results say how they may be kept.
    public static func isCacheable(_ method: String) -> Bool {
        switch method {
        case "server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list",
            "resources/read":
            true
        default: false
        }
    }

    /// A response with what this revision adds to its result: `resultType`, who served it, and how it may be kept.
    /// What the result says of that itself stays.
    ///
    /// - Parameters:
    ///   - response: a JSON-RPC message on one line, known to be one.
    ///   - serverInfo: the server's `serverInfo`, a JSON object.
    ///   - caching: what to say of a result that may be kept; `nil` for a method that has no such results.
    ///   - isPersonal: whether not everybody may have it, whatever its server says.
    /// - Returns: `nil` for a response without a result object.
    public static func completing(
        _ response: ByteBuffer, serverInfo: ByteBuffer, caching: Caching?, isPersonal: Bool = false
    ) -> ByteBuffer? {
        guard let (result, own) = JSONOutline.picking(names, fromMember: "result", of: response) else { return nil }
        var output = ByteBuffer()
        output.reserveCapacity(response.readableBytes + serverInfo.readableBytes + 160)
        output.writeImmutableBuffer(slice(response, 0..<result.lowerBound + 1))
        if own.values[0] == nil { output.writeStaticString("\"resultType\":\"complete\",") }
        if let caching {
            if own.values[1] == nil { output.writeString("\"ttlMs\":\(caching.timeToLive),") }
            if own.values[2] == nil {
                output.writeStaticString(
                    caching.isPublic ? "\"cacheScope\":\"public\"," : "\"cacheScope\":\"private\",")
            }
        }
        if own.values[3] == nil {
            output.writeStaticString("\"_meta\":{\"io.modelcontextprotocol/serverInfo\":")
            output.writeImmutableBuffer(serverInfo)
            output.writeStaticString(own.isEmpty ? "}" : "},")
        }
        var read = result.lowerBound + 1
        for edit in edits(of: own, in: response, serverInfo, isPrivate: caching != nil && isPersonal) {
            output.writeImmutableBuffer(slice(response, read..<edit.range.lowerBound))
            output.writeImmutableBuffer(edit.bytes)
            read = edit.range.upperBound
        }
        output.writeImmutableBuffer(slice(response, read..<response.readableBytes))
        return output
    }

    /// What is to be written in the place of something else within a result, in the order in which it stands there.
    ///
    /// - Parameter isPrivate: whether it must not say that anybody may keep it.
    private static func edits(
        of own: JSONOutline.Picked, in response: ByteBuffer, _ serverInfo: ByteBuffer, isPrivate: Bool
    ) -> [Message.Replacement] {
        let (scope, meta) = (isPrivate ? own.values[2] : nil, own.values[3])
        // Hardly any result says of itself what this revision adds.
        guard scope != nil || meta != nil else { return [] }
        var edits: [Message.Replacement] = []
        if let scope { edits.append((scope, JSONText.quotedBuffer("private"))) }
        if let meta, let members = JSONOutline.picking([serverInfoName], from: slice(response, meta)),
            members.values[0] == nil
        {
            var info = ByteBuffer()
            info.writeStaticString("\"io.modelcontextprotocol/serverInfo\":")
            info.writeImmutableBuffer(serverInfo)
            if !members.isEmpty { info.writeString(",") }
            let start = meta.lowerBound + 1
            edits.append((start..<start, info))
        }
        return edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private static func slice(_ response: ByteBuffer, _ range: Range<Int>) -> ByteBuffer {
        response.getSlice(at: response.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }

    private static let serverInfoName: StaticString = "io.modelcontextprotocol/serverInfo"
    /// What a result may say of itself.
    private static let names: [StaticString] = ["resultType", "ttlMs", "cacheScope", "_meta"]
}
