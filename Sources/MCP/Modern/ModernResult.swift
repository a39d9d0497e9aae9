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
    /// What the result says of that itself stays, if it makes sense: that more is wanted first (`input_required`) is for
    /// the gateway to say, which has asked for it.
    ///
    /// - Parameters:
    ///   - response: a JSON-RPC message on one line, known to be one.
    ///   - mark: who served it.
    ///   - caching: what to say of a result that may be kept; `nil` for a method that has no such results.
    ///   - isPersonal: whether not everybody may have it, whatever its server says.
    ///   - isMerged: whether it is part of something that several servers make, so that none of them is who served it.
    /// - Returns: `nil` for a response without a result object, or one that says twice what it is.
    public static func completing(
        _ response: ByteBuffer, mark: ServerMark, caching: Caching?, isPersonal: Bool = false, isMerged: Bool = false
    ) -> ByteBuffer? {
        guard let (result, own) = JSONOutline.picking(names, fromMember: "result", of: response), own.repeated == nil
        else { return nil }
        let start = result.lowerBound + 1
        guard own.values[0] != nil || own.values[3] != nil || caching != nil || own.isEmpty else {
            return response.replacing(start..<start, with: mark.members)
        }
        let type = own.values[0].map { (place: $0, word: JSONOutline.string(slice(response, $0))) }
        var edits = [
            type.flatMap {
                $0.word == nil || $0.word == "input_required" ? ($0.place, JSONText.quotedBuffer("complete")) : nil
            },
            own.values[3].flatMap { marking($0, of: response, mark, replacing: isMerged) },
        ]
        if let caching { edits += caching.corrections(of: own, in: response, isPersonal: isPersonal) }
        var completed = response
        // From the end to the beginning, so that what is to be changed after it stands where it stood.
        for edit in edits.compactMap(\.self).sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            completed = completed.replacing(edit.range, with: edit.bytes)
        }
        return completed.replacing(start..<start, with: front(of: own, mark, caching))
    }

    /// The members that a result lacks, with a comma before what it has.
    private static func front(of own: JSONOutline.Picked, _ mark: ServerMark, _ caching: Caching?) -> ByteBuffer {
        var front = ByteBuffer()
        if own.values[0] == nil { front.writeStaticString("\"resultType\":\"complete\",") }
        if let caching {
            if own.values[1] == nil { front.writeString("\"ttlMs\":\(caching.timeToLive),") }
            if own.values[2] == nil {
                front.writeStaticString(caching.isPublic ? "\"cacheScope\":\"public\"," : "\"cacheScope\":\"private\",")
            }
        }
        if own.values[3] == nil {
            ServerMark.write(mark.info, into: &front)
            if !own.isEmpty { front.writeStaticString(",") }
        }
        return front
    }

    /// What is changed in metadata that a result has, so that they say who served it.
    ///
    /// - Parameter replaces: whether another who is named there is not.
    private static func marking(
        _ meta: Range<Int>, of response: ByteBuffer, _ mark: ServerMark, replacing replaces: Bool
    ) -> Message.Replacement? {
        guard let members = JSONOutline.picking([serverInfoName], from: slice(response, meta)) else {
            return (meta, JSONText.object([(MetaKey.serverInfo, mark.info)]))
        }
        if let other = members.values[0] {
            return replaces ? (meta.lowerBound + other.lowerBound..<meta.lowerBound + other.upperBound, mark.info) : nil
        }
        var info = ByteBuffer()
        info.writeStaticString("\"io.modelcontextprotocol/serverInfo\":")
        info.writeImmutableBuffer(mark.info)
        if !members.isEmpty { info.writeStaticString(",") }
        let start = meta.lowerBound + 1
        return (start..<start, info)
    }

    fileprivate static func slice(_ response: ByteBuffer, _ range: Range<Int>) -> ByteBuffer {
        response.getSlice(at: response.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }

    private static let serverInfoName: StaticString = "io.modelcontextprotocol/serverInfo"
    /// What a result may say of itself.
    private static let names: [StaticString] = ["resultType", "ttlMs", "cacheScope", "_meta"]
}

extension ModernResult.Caching {
    /// What is changed where a result says how it may be kept: what makes no sense, and that anybody may keep it if not
    /// everybody may have it.
    fileprivate func corrections(
        of own: JSONOutline.Picked, in response: ByteBuffer, isPersonal: Bool
    ) -> [Message.Replacement?] {
        let (time, scope) = (own.values[1], own.values[2])
        let isTime = time.flatMap { Int(String(buffer: ModernResult.slice(response, $0))) }.map { $0 >= 0 } ?? false
        let word = scope.flatMap { JSONOutline.string(ModernResult.slice(response, $0)) }
        let isScope = word == "private" || (word == "public" && !isPersonal)
        return [
            isTime ? nil : time.map { ($0, ByteBuffer(string: String(timeToLive))) },
            isScope ? nil : scope.map { ($0, JSONText.quotedBuffer(isPublic && !isPersonal ? "public" : "private")) },
        ]
    }
}
