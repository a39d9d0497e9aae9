internal import JSONRPC
public import NIOCore

/// The members of `params` that a request has because it is made again (MCP 2026-07-28 "Multi Round-Trip Requests").
/// What a client says there is for the gateway, and never reaches a server as it came.
public enum RepetitionKeys {
    /// What the server gave along to be given back.
    public static let state = "requestState"
    /// The answers to what the server asked for.
    public static let responses = "inputResponses"
    /// Both.
    public static let all: Set<String> = [state, responses]

    /// Whether one of them may stand in a message, however it is spelled: a search costs less than a look at what is in
    /// it, and almost no message has any.
    public static func mayStand(in bytes: ByteBuffer) -> Bool {
        bytes.contains("requestState", mark: 7) || bytes.contains("inputResponses", mark: 5) || bytes.contains("\\u")
    }
}
