internal import JSONRPC
internal import NIOCore
internal import Supervision

/// How a request ended, in a word.
enum RequestOutcome: Equatable {
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

    init(of answer: Answer) {
        switch answer {
        case .message(let bytes): self.init(ofResponse: bytes)
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

    /// The word.
    var word: String {
        switch self {
        case .ok: "ok"
        case .toolError: "tool-error"
        case .error: "error"
        case .unavailable: "unavailable"
        case .cancelled: "cancelled"
        }
    }

    /// The code of the error, if it is one and has one.
    var errorCode: Int? {
        if case .error(let code) = self { code } else { nil }
    }

    private static func member(_ name: String, of json: ByteBuffer) -> ByteBuffer? {
        JSONOutline.members(of: json)?.last { $0.key == name }?.value
    }
}
