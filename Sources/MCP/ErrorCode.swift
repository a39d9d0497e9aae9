/// JSON-RPC error codes that the gateway itself uses (JSON-RPC 2.0 §5.1, MCP "Error Handling").
public enum ErrorCode: Int, Sendable {
    /// The bytes are not JSON.
    case parseError = -32700
    /// The JSON is no valid JSON-RPC request.
    case invalidRequest = -32600
    /// The method does not exist, or its capability is not advertised.
    case methodNotFound = -32601
    /// The method's parameters are wrong.
    case invalidParams = -32602
    /// The gateway or the server behind it could not answer.
    case internalError = -32603
    /// There is no such resource (MCP until 2025-11-25 "Resources", error handling).
    case resourceNotFound = -32002
    /// The header fields of a request say something else than its body (MCP 2026-07-28 "Overview", error codes).
    case headerMismatch = -32020
    /// A request needs a capability that its client did not declare (the same).
    case missingClientCapability = -32021
    /// A request is of a revision that the server does not speak (the same).
    case unsupportedProtocolVersion = -32022
    /// The request was cancelled while its HTTP response was open (Python SDK practice).
    case requestCancelled = -32800
}
