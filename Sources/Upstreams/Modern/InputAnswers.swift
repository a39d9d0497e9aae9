internal import JSONRPC
internal import MCP
internal import NIOCore

/// What a call that needs input is repeated with (MCP 2026-07-28 "Multi Round-Trip Requests").
struct InputAnswers: Equatable {
    /// The client's results under the server's keys, of this round only; `nil` when nothing was asked for.
    var responses: ByteBuffer?
    /// What the server wants to see again, byte for byte; `nil` when it gave nothing.
    var state: ByteBuffer?

    /// As members of the params.
    var members: [JSONOutline.Member] {
        [responses.map { (RepetitionKeys.responses, $0) }, state.map { (RepetitionKeys.state, $0) }].compactMap(\.self)
    }
}
