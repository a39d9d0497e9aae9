/// One request as it came, its id kept as the text it was spelled in.
struct Request: Sendable {
    let id: String
    let method: String
    let params: RawJSON?
    /// The whole line as received.
    let line: String
    /// Ends when the client cancels the request.
    let end: AsyncStream<Void>

    var toolName: String { params?["name"]?.string ?? "" }

    var arguments: RawJSON { params?["arguments"] ?? RawJSON("{}") }

    /// The progress token's text, quotes and all.
    var progressToken: String? { params?["_meta"]?["progressToken"]?.description }
}
