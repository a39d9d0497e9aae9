internal import JSONRPC
public import NIOCore

extension ServerDescription {
    /// Reads the `result` of a `server/discover` (MCP 2026-07-28 schema, `DiscoverResult`) of a server that is spoken to
    /// in `revision` from now on.
    ///
    /// - Throws: `Unusable` when its capabilities are missing or no object.
    public init(discoverResult: ByteBuffer, revision: ProtocolRevision) throws(Unusable) {
        guard let members = JSONOutline.members(of: discoverResult) else {
            throw Unusable(reason: "the result of server/discover is not an object")
        }
        func member(_ key: String) -> ByteBuffer? { members.first { $0.key == key }?.value }
        guard let capabilities = member("capabilities"), JSONOutline.members(of: capabilities) != nil else {
            throw Unusable(reason: "the result of server/discover has no \"capabilities\" object")
        }
        var kept = [
            ("protocolVersion", JSONText.quotedBuffer(revision.rawValue)), ("capabilities", capabilities),
        ]
        if let info = MetaKey.value(MetaKey.serverInfo, in: discoverResult) { kept.append(("serverInfo", info)) }
        if let instructions = member("instructions") { kept.append(("instructions", instructions)) }
        try self.init(kept: JSONText.object(kept))
    }

    /// The versions that the `result` of a `server/discover` offers; `nil` if it is none.
    public static func supportedVersions(discoverResult: ByteBuffer) -> [String]? {
        JSONOutline.members(of: discoverResult)?.first { $0.key == "supportedVersions" }
            .flatMap { JSONOutline.elements(of: $0.value) }?.compactMap(JSONOutline.string)
    }

    /// Whether the server announces that it tells of changes in the lists of a feature.
    public func announcesChanges(of feature: Feature) -> Bool {
        capability("listChanged", of: feature)
    }

    private func capability(_ key: String, of feature: Feature) -> Bool {
        JSONOutline.members(of: capabilities)?.first { $0.key == feature.rawValue }
            .flatMap { JSONOutline.members(of: $0.value) }?
            .contains { $0.key == key && String(buffer: $0.value) == "true" } ?? false
    }
}

extension ServerDescription {
    /// The `DiscoverResult` that a client of MCP 2026-07-28 gets for this server behind the gateway.
    ///
    /// Only the revisions without sessions are named: clients that ask this way speak them, and would take the others
    /// for what they may put into a request.
    public var discoverResult: ByteBuffer {
        var members: [(key: String, value: ByteBuffer)] = [
            ("resultType", JSONText.quotedBuffer("complete")),
            ("supportedVersions", JSONText.array([JSONText.quotedBuffer(ProtocolRevision.newestModern.rawValue)])),
            ("capabilities", advertisedCapabilities),
            ("ttlMs", ByteBuffer(string: "0")),
            ("cacheScope", JSONText.quotedBuffer("private")),
            ("_meta", JSONText.object([(MetaKey.serverInfo, serverInfo)])),
        ]
        if let instructions { members.append(("instructions", instructions)) }
        return JSONText.object(members)
    }
}
