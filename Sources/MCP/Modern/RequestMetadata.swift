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
        guard let meta = message.envelope.paramsMeta.map(message.slice), let members = JSONOutline.members(of: meta)
        else { return nil }
        return members.first { $0.key == MetaKey.protocolVersion }.flatMap { JSONOutline.string($0.value) }
    }

    /// Reads the metadata of a request.
    ///
    /// - Throws: `Mistake` when a required key is missing, stands there twice or has the wrong type.
    public init(of message: Message) throws(Mistake) {
        guard let meta = message.envelope.paramsMeta.map(message.slice), let members = JSONOutline.members(of: meta)
        else {
            throw Mistake(reason: "params._meta is missing: it must name \"\(MetaKey.protocolVersion)\"")
        }
        var own: [String: ByteBuffer] = [:]
        var rest: [JSONOutline.Member] = []
        for member in members {
            guard MetaKey.ofRequests.contains(member.key) else {
                rest.append(member)
                continue
            }
            guard own.updateValue(member.value, forKey: member.key) == nil else {
                throw Mistake(reason: "\"\(member.key)\" stands in params._meta twice")
            }
        }
        protocolVersion = try Self.string(own[MetaKey.protocolVersion], MetaKey.protocolVersion)
        guard let capabilities = own[MetaKey.clientCapabilities] else {
            throw Mistake(reason: "params._meta lacks \"\(MetaKey.clientCapabilities)\", an object")
        }
        self.capabilities = try Self.object(capabilities, MetaKey.clientCapabilities)
        clientInfo = try own[MetaKey.clientInfo].map { value throws(Mistake) in
            try Self.object(value, MetaKey.clientInfo)
        }
        logLevel = try own[MetaKey.logLevel].map { value throws(Mistake) in
            try Self.string(value, MetaKey.logLevel)
        }
        self.rest = JSONText.object(rest)
        progressToken = message.metaProgressToken
    }

    private static func string(_ value: ByteBuffer?, _ key: String) throws(Mistake) -> String {
        guard let value else { throw Mistake(reason: "params._meta lacks \"\(key)\", a string") }
        guard let text = JSONOutline.string(value) else {
            throw Mistake(reason: "\"\(key)\" in params._meta must be a string")
        }
        return text
    }

    private static func object(_ value: ByteBuffer, _ key: String) throws(Mistake) -> ByteBuffer {
        guard JSONOutline.members(of: value) != nil else {
            throw Mistake(reason: "\"\(key)\" in params._meta must be an object")
        }
        return value
    }
}
