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
    /// What the result says of that itself stays. A response without a result object stays as it is.
    ///
    /// - Parameters:
    ///   - serverInfo: the server's `serverInfo`, a JSON object.
    ///   - caching: what to say of a result that may be kept; `nil` for a method that has no such results.
    ///   - isPersonal: whether not everybody may have it, whatever its server says.
    public static func completing(
        _ response: Message, serverInfo: ByteBuffer, caching: Caching?, isPersonal: Bool = false
    ) -> ByteBuffer {
        let response = caching != nil && isPersonal ? kept(response) : response
        guard let range = response.envelope.result, let own = JSONOutline.picking(names, from: response.slice(range))
        else { return response.singleLine }
        var front = ByteBuffer()
        front.reserveCapacity(serverInfo.readableBytes + 128)
        if own.values[0] == nil { front.writeStaticString("\"resultType\":\"complete\",") }
        if let caching {
            if own.values[1] == nil { front.writeString("\"ttlMs\":\(caching.timeToLive),") }
            if own.values[2] == nil {
                front.writeStaticString(caching.isPublic ? "\"cacheScope\":\"public\"," : "\"cacheScope\":\"private\",")
            }
        }
        let start = range.lowerBound + 1
        guard let meta = own.values[3] else {
            let isEmpty = own.others.isEmpty && own.values.allSatisfy { $0 == nil }
            front.writeStaticString("\"_meta\":{\"io.modelcontextprotocol/serverInfo\":")
            front.writeImmutableBuffer(serverInfo)
            front.writeStaticString(isEmpty ? "}" : "},")
            return response.replacing((start..<start, front))
        }
        let metaRange = (range.lowerBound + meta.lowerBound)..<(range.lowerBound + meta.upperBound)
        guard
            let members = JSONOutline.picking(["io.modelcontextprotocol/serverInfo"], from: response.slice(metaRange)),
            members.values[0] == nil
        else { return response.replacing((start..<start, front)) }
        var info = ByteBuffer()
        info.writeStaticString("\"io.modelcontextprotocol/serverInfo\":")
        info.writeImmutableBuffer(serverInfo)
        if !members.others.isEmpty { info.writeString(",") }
        let metaStart = metaRange.lowerBound + 1
        return response.replacing((start..<start, front), (metaStart..<metaStart, info))
    }

    /// The response without the word that anybody may keep it.
    private static func kept(_ response: Message) -> Message {
        guard let range = response.envelope.result,
            let scope = JSONOutline.picking(["cacheScope"], from: response.slice(range))?.values[0]
        else { return response }
        let place = (range.lowerBound + scope.lowerBound)..<(range.lowerBound + scope.upperBound)
        return (try? Message(response.replacing((place, JSONText.quotedBuffer("private"))))) ?? response
    }

    /// What a result may say of itself.
    private static let names: [StaticString] = ["resultType", "ttlMs", "cacheScope", "_meta"]
}
