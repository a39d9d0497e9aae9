public import JSONRPC
public import NIOCore

/// What a request says of itself and of its client in `params._meta` (MCP 2026-07-28 "Base protocol", `_meta`): what
/// earlier revisions agreed on once, at `initialize`.
public struct RequestMetadata: Sendable, Equatable {
    /// The revision it is made in. Its value may be any text.
    public let protocolVersion: String
    /// What its client can be asked for, a JSON object.
    public let capabilities: ByteBuffer
    /// What its client calls itself, a JSON object; clients should say so, and need not.
    public let clientInfo: ByteBuffer?
    /// The least severe log message that its client wants of this request, as it was spelled; none if `nil`.
    public let logLevel: String?
    /// What is left of `_meta` without all that, a JSON object: the progress token, trace context, whatever else.
    public let rest: ByteBuffer

    /// Under which its client wants to hear of its progress, as JSON text.
    public let progressToken: ByteBuffer?

    /// Why a request's metadata cannot be used.
    public struct Mistake: Error, Sendable, Equatable {
        /// What is wrong, naming the key.
        public let reason: String
    }

    /// The revision that a message says it is made in, whatever else is wrong with it; `nil` for one that does not say,
    /// as no message of an earlier revision does.
    public static func claimedVersion(in message: Message) -> String? {
        guard let meta = message.envelope.paramsMeta.map(message.slice) else { return nil }
        return JSONOutline.value(of: MetaKey.protocolVersionName, in: meta).flatMap(JSONOutline.string)
    }

    /// Reads the metadata of a request.
    ///
    /// - Throws: `Mistake` when a required key is missing, stands there twice or has the wrong type.
    public init(of message: Message) throws(Mistake) {
        guard let range = message.envelope.paramsMeta else {
            throw Mistake(reason: "params._meta is missing: it must name \"\(MetaKey.protocolVersion)\"")
        }
        let meta = message.slice(range)
        guard let own = JSONOutline.picking(Self.names, from: meta) else {
            throw Mistake(reason: "params._meta must be an object")
        }
        if let repeated = own.repeated {
            throw Mistake(reason: "\"\(Self.names[repeated])\" stands in params._meta twice")
        }
        func value(_ index: Int) -> ByteBuffer? {
            own.values[index].map { place in
                message.slice(range.lowerBound + place.lowerBound..<range.lowerBound + place.upperBound)
            }
        }
        protocolVersion = try Self.string(value(0), MetaKey.protocolVersion)
        guard let capabilities = value(1) else {
            throw Mistake(reason: "params._meta lacks \"\(MetaKey.clientCapabilities)\", an object")
        }
        self.capabilities = try Self.object(capabilities, MetaKey.clientCapabilities)
        clientInfo = try value(2).map { value throws(Mistake) in try Self.object(value, MetaKey.clientInfo) }
        logLevel = try value(3).map { value throws(Mistake) in try Self.string(value, MetaKey.logLevel) }
        rest = own.rest(of: meta)
        progressToken = message.metaProgressToken
    }

    /// Members of `_meta` in which a request says something of itself.
    private static let names: [StaticString] = [
        MetaKey.protocolVersionName, "io.modelcontextprotocol/clientCapabilities", "io.modelcontextprotocol/clientInfo",
        "io.modelcontextprotocol/logLevel",
    ]

    private static let quotedNewest = Array("\"\(ProtocolRevision.newestModern.rawValue)\"".utf8)

    private static func string(_ value: ByteBuffer?, _ key: String) throws(Mistake) -> String {
        guard let value else { throw Mistake(reason: "params._meta lacks \"\(key)\", a string") }
        // Nearly every request is of the newest revision, which then is not decoded.
        if value.readableBytesView.elementsEqual(Self.quotedNewest) { return ProtocolRevision.newestModern.rawValue }
        guard let text = JSONOutline.string(value) else {
            throw Mistake(reason: "\"\(key)\" in params._meta must be a string")
        }
        return text
    }

    private static func object(_ value: ByteBuffer, _ key: String) throws(Mistake) -> ByteBuffer {
        // It is part of a message, and so known to be JSON.
        guard value.getInteger(at: value.readerIndex) == UInt8(ascii: "{") else {
            throw Mistake(reason: "\"\(key)\" in params._meta must be an object")
        }
        return value
    }
}
