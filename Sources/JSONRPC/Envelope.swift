/// What a router needs to know of one JSON-RPC message: where the interesting bytes are.
///
/// Every range is a byte offset into the message, counted from its first byte. No value is decoded, so number
/// spelling, key order, escapes and unknown fields survive whatever is done with the message. An absent member is
/// `nil`. A key that is spelled with escapes (`"\u0069d"`) is the same key.
public struct Envelope: Sendable, Equatable {
    /// The `id` member, as JSON text: quotes included for a string. Only strings and integers get this far.
    public var id: Range<Int>?
    /// The `method` member, without its quotes.
    public var method: Range<Int>?
    /// Whether the method's spelling contains a backslash and must be unescaped before it is compared.
    public var methodIsEscaped = false
    /// The whole `params` value (an object).
    public var params: Range<Int>?
    /// `params.name`, as JSON text with quotes, when it is a string.
    public var paramsName: Range<Int>?
    /// `params.uri`, as JSON text with quotes, when it is a string.
    public var paramsURI: Range<Int>?
    /// The whole `params._meta` value, when it is an object.
    public var paramsMeta: Range<Int>?
    /// Whether there is a `params.task`.
    public var paramsHaveTask = false
    /// `params._meta.progressToken`, as JSON text: what a requester asks its progress to be reported under.
    public var metaProgressToken: Range<Int>?
    /// `params.progressToken`, as JSON text: what a `notifications/progress` reports on.
    public var progressToken: Range<Int>?
    /// `params.requestId`, as JSON text: what a `notifications/cancelled` cancels.
    public var cancelledRequestID: Range<Int>?
    /// The whole `result` value.
    public var result: Range<Int>?
    /// The whole `error` value.
    public var error: Range<Int>?
    /// Whether a CR or LF stands between tokens. Such a message is legal JSON, but must be made one line before it
    /// goes to a newline-framed peer or into an SSE `data:` field.
    public var containsLineBreaks = false

    /// An envelope that has found nothing yet.
    public init() {}
}
