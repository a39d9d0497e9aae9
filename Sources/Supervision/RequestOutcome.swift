internal import JSONRPC
internal import NIOCore

/// How a request ended, in a word.
public enum RequestOutcome: Hashable, Sendable {
    /// With a result.
    case ok
    /// With a result that says that the tool has failed (MCP "Error Handling").
    case toolError
    /// With a JSON-RPC error, which has this code.
    case error(code: Int?)
    /// Its server could not be reached, or died.
    case unavailable
    /// Its client cancelled it, or went away.
    case cancelled

    /// Tells it by the answer.
    public init(of answer: Answer) {
        switch answer {
        case .message(let bytes):
            guard Self.mayHaveFailed(bytes) else {
                self = .ok
                return
            }
            self.init(ofResponse: bytes)
        case .unavailable: self = .unavailable
        case .cancelled: self = .cancelled
        }
    }

    private init(ofResponse bytes: ByteBuffer) {
        guard let response = try? Message(bytes) else {
            self = .error(code: nil)
            return
        }
        if let error = response.error {
            self = .error(code: Self.member("code", of: error).flatMap { Int(String(buffer: $0)) })
        } else if let result = response.result, Self.member("isError", of: result) == ByteBuffer(string: "true") {
            self = .toolError
        } else {
            self = .ok
        }
    }

    /// Whether an answer has to be looked at more closely: nearly none has a member `error` or `isError`, or anything
    /// that ends like these. Of a long one, only the beginning and the end are searched, where servers write them.
    private static func mayHaveFailed(_ bytes: ByteBuffer) -> Bool {
        guard bytes.readableBytes > 2 * searched else { return hasSign(bytes) || !bytes.contains("\"result\"") }
        let end = bytes.getSlice(at: bytes.writerIndex - searched, length: searched)
        return [bytes.getSlice(at: bytes.readerIndex, length: searched), end].contains { $0.map(hasSign) ?? false }
    }

    private static let searched = 8 << 10

    private static func hasSign(_ bytes: ByteBuffer) -> Bool {
        bytes.contains("rror\"")
    }

    /// The word.
    public var word: String {
        switch self {
        case .ok: "ok"
        case .toolError: "tool-error"
        case .error: "error"
        case .unavailable: "unavailable"
        case .cancelled: "cancelled"
        }
    }

    /// The code of the error, if it is one and has one.
    public var errorCode: Int? {
        if case .error(let code) = self { code } else { nil }
    }

    private static func member(_ name: String, of json: ByteBuffer) -> ByteBuffer? {
        JSONOutline.members(of: json)?.last { $0.key == name }?.value
    }
}
