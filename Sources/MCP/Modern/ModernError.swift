internal import JSONRPC
public import NIOCore

/// A JSON-RPC error as a client of MCP 2026-07-28 may get it: codes of earlier revisions, and codes that the
/// specification keeps for itself without giving them a meaning, never leave the gateway.
public struct ModernError: Error, Sendable, Equatable {
    /// The code.
    public var code: Int
    /// One sentence for a person.
    public var message: String
    /// Any JSON value for a program.
    public var data: ByteBuffer?

    /// Describes an error.
    public init(code: Int, message: String, data: ByteBuffer? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// An error of the gateway's own.
    public init(_ code: ErrorCode, _ message: String, data: ByteBuffer? = nil) {
        self.init(code: code.rawValue, message: message, data: data)
    }

    /// The status of the HTTP response that holds nothing but this error (MCP 2026-07-28 "Streamable HTTP"): 404 for
    /// an unknown method, 400 for a capability that its client lacks and for headers that say something else, 200 for what went wrong at work.
    public var status: Int {
        switch code {
        case ErrorCode.methodNotFound.rawValue: 404
        case ErrorCode.missingClientCapability.rawValue, ErrorCode.headerMismatch.rawValue: 400
        default: 200
        }
    }

    /// Whether this is what such an error must say, which no server of an earlier revision means by its code.
    private static func saysWhatIsMissing(_ data: ByteBuffer?) -> Bool {
        let members = data.flatMap { JSONOutline.members(of: $0) } ?? []
        return members.contains { $0.key == "requiredCapabilities" && JSONOutline.members(of: $0.value) != nil }
    }

    /// The error of a server of any revision. `nil` if its client can have it as it is.
    public static func translating(_ error: ByteBuffer) -> ModernError? {
        let members = JSONOutline.members(of: error) ?? []
        func member(_ key: String) -> ByteBuffer? { members.last { $0.key == key }?.value }
        let code = member("code").flatMap { Int(String(buffer: $0)) }
        let message = member("message").flatMap(JSONOutline.string) ?? "the server failed without a word"
        guard let code else {
            return ModernError(code: ErrorCode.internalError.rawValue, message: message, data: error)
        }
        switch code {
        case ErrorCode.resourceNotFound.rawValue:
            return ModernError(code: ErrorCode.invalidParams.rawValue, message: message, data: member("data"))
        case ErrorCode.missingClientCapability.rawValue where saysWhatIsMissing(member("data")):
            return nil
        case -32099 ... -32000:
            // Among them what blames the gateway's own request: its client can do nothing about that.
            return ModernError(code: ErrorCode.internalError.rawValue, message: message, data: error)
        default:
            return nil
        }
    }
}
