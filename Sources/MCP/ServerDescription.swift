internal import JSONRPC
public import NIOCore

/// What an MCP server says of itself when a connection to it is opened, kept as the JSON it sent.
public struct ServerDescription: Sendable, Equatable {
    /// The revision it chose, e.g. `2025-06-18`.
    public let protocolVersion: String
    /// Whether the server is opened with `initialize` (MCP 2026-07-28 "Versioning", terminology).
    public let isLegacy: Bool
    /// Its `capabilities` object, as JSON text.
    public let capabilities: ByteBuffer
    /// What says in results that they are its.
    public let mark: ServerMark
    /// Its `serverInfo` object, as JSON text.
    public var serverInfo: ByteBuffer { mark.info }
    /// Its `instructions`, as the JSON text of a string.
    public let instructions: ByteBuffer?
    /// The whole result of its `initialize`, as JSON text; or what that would have been.
    public let json: ByteBuffer
    /// The features that `capabilities` names.
    public let features: Set<Feature>
    /// Whether clients can subscribe to its resources.
    public let offersSubscriptions: Bool

    /// Why a server's answer to `initialize` cannot be used, in words for its operator.
    public struct Unusable: Error, Sendable, Equatable {
        /// The reason.
        public let reason: String
    }

    /// Reads the `result` of an `initialize` (MCP schema, `InitializeResult`).
    ///
    /// - Throws: `Unusable` when a required member is missing or has the wrong type, or the revision is none that is
    ///   opened so.
    public init(initializeResult: ByteBuffer) throws(Unusable) {
        try self.init(initializeResult, revision: ProtocolRevision.init(legacy:))
    }

    /// Reads back what `json` was, of whatever revision.
    ///
    /// - Throws: `Unusable` when it is something else.
    public init(kept json: ByteBuffer) throws(Unusable) {
        try self.init(json, revision: ProtocolRevision.init(rawValue:))
    }

    private init(_ initializeResult: ByteBuffer, revision: (String) -> ProtocolRevision?) throws(Unusable) {
        guard let members = JSONOutline.members(of: initializeResult) else {
            throw Unusable(reason: "the result of initialize is not an object")
        }
        func member(_ key: String) -> ByteBuffer? { members.first { $0.key == key }?.value }
        guard let version = member("protocolVersion").flatMap(JSONOutline.string) else {
            throw Unusable(reason: "the result of initialize has no \"protocolVersion\"")
        }
        guard revision(version) != nil else {
            throw Unusable(reason: "it speaks MCP revision \"\(version)\", which this gateway does not")
        }
        guard let capabilities = member("capabilities"), let offered = JSONOutline.members(of: capabilities) else {
            throw Unusable(reason: "the result of initialize has no \"capabilities\" object")
        }
        json = initializeResult
        protocolVersion = version
        isLegacy = ProtocolRevision(legacy: version) != nil
        self.capabilities = capabilities
        let info = member("serverInfo").flatMap { JSONOutline.members(of: $0) == nil ? nil : $0 }
        mark = ServerMark(info ?? ByteBuffer(string: #"{"name":"unnamed","version":"0"}"#))
        instructions = member("instructions").flatMap { JSONOutline.string($0) == nil ? nil : $0 }
        features = Set(offered.compactMap { Feature(rawValue: $0.key) })
        let resources = offered.first { $0.key == Feature.resources.rawValue }.map(\.value)
        let subscribe = resources.flatMap { JSONOutline.members(of: $0) }?.first { $0.key == "subscribe" }?.value
        offersSubscriptions = subscribe.map { String(buffer: $0) == "true" } ?? false
    }

    /// The `InitializeResult` that a client of `revision` gets for this server behind the gateway.
    ///
    /// Lists may change whenever the server is restarted, so `listChanged` is always advertised. What the gateway
    /// does not carry (tasks) is not.
    public func initializeResult(for revision: ProtocolRevision) -> ByteBuffer {
        var out = ByteBuffer()
        out.writeString(#"{"protocolVersion":""#)
        out.writeString(revision.rawValue)
        out.writeString(#"","capabilities":"#)
        writeAdvertisedCapabilities(into: &out)
        out.writeString(#","serverInfo":"#)
        out.writeImmutableBuffer(serverInfo)
        if let instructions {
            out.writeString(#","instructions":"#)
            out.writeImmutableBuffer(instructions)
        }
        out.writeString("}")
        return out
    }

    /// The `capabilities` that clients see.
    var advertisedCapabilities: ByteBuffer {
        var out = ByteBuffer()
        writeAdvertisedCapabilities(into: &out)
        return out
    }

    private func writeAdvertisedCapabilities(into out: inout ByteBuffer) {
        let withheld: Set<String> = ["tasks"]
        var separator = "{"
        for (key, value) in JSONOutline.members(of: capabilities) ?? [] where !withheld.contains(key) {
            out.writeString(separator)
            JSONText.write(key, into: &out)
            out.writeString(":")
            if Feature(rawValue: key)?.listChangedMethod != nil {
                writeListFeature(value, into: &out)
            } else {
                out.writeImmutableBuffer(value)
            }
            separator = ","
        }
        out.writeString(separator == "{" ? "{}" : "}")
    }

    private func writeListFeature(_ value: ByteBuffer, into out: inout ByteBuffer) {
        out.writeString(#"{"listChanged":true"#)
        for (key, value) in JSONOutline.members(of: value) ?? [] where key != "listChanged" {
            out.writeString(",")
            JSONText.write(key, into: &out)
            out.writeString(":")
            out.writeImmutableBuffer(value)
        }
        out.writeString("}")
    }
}
