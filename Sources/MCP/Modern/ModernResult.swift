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
    public static func completing(_ response: Message, serverInfo: ByteBuffer, caching: Caching?) -> ByteBuffer {
        guard let range = response.envelope.result, let places = JSONOutline.places(in: response.slice(range)) else {
            return response.singleLine
        }
        let keys = Set(places.map(\.key))
        var front = ByteBuffer()
        if !keys.contains("resultType") { front.writeString(#""resultType":"complete","#) }
        if let caching {
            if !keys.contains("ttlMs") { front.writeString(#""ttlMs":\#(caching.timeToLive),"#) }
            if !keys.contains("cacheScope") {
                front.writeString(#""cacheScope":"\#(caching.isPublic ? "public" : "private")","#)
            }
        }
        let start = range.lowerBound + 1
        guard let meta = places.first(where: { $0.key == "_meta" }) else {
            front.writeString(#""_meta":{""# + MetaKey.serverInfo + #"":"#)
            front.writeImmutableBuffer(serverInfo)
            front.writeString(places.isEmpty ? "}" : "},")
            return response.replacing((start..<start, front))
        }
        let metaRange = (range.lowerBound + meta.value.lowerBound)..<(range.lowerBound + meta.value.upperBound)
        guard let members = JSONOutline.places(in: response.slice(metaRange)) else {
            return response.replacing((start..<start, front))
        }
        guard !members.contains(where: { $0.key == MetaKey.serverInfo }) else {
            return response.replacing((start..<start, front))
        }
        var info = ByteBuffer(string: "\"" + MetaKey.serverInfo + "\":")
        info.writeImmutableBuffer(serverInfo)
        if !members.isEmpty { info.writeString(",") }
        let metaStart = metaRange.lowerBound + 1
        return response.replacing((start..<start, front), (metaStart..<metaStart, info))
    }
}
