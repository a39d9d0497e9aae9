internal import JSONRPC
internal import NIOCore
internal import NIOHTTP1

/// The arguments in the body of a call.
///
/// Only that they are a JSON object is looked at here: what else a tool wants its server knows best, and tells. They go
/// on as they came; nothing is converted, filled in or left out.
enum ToolArguments {
    /// A body that is no JSON object, as FastAPI says it: the place, words, and a name for programs.
    struct Mistake: Error, Equatable {
        let type: String
        let words: String
    }

    static func read(_ body: ByteBuffer) throws(Mistake) -> ByteBuffer {
        // A tool that takes nothing is called without a body.
        guard body.readableBytes > 0 else { return ByteBuffer(string: "{}") }
        if JSONOutline.members(of: body) != nil { return body }
        guard JSONValue.isJSON(body) else { throw Mistake(type: "json_invalid", words: "JSON decode error") }
        throw Mistake(
            type: "model_attributes_type", words: "Input should be a valid dictionary or object to extract fields from")
    }
}

/// Any JSON value.
enum JSONValue {
    /// Whether a text is JSON, and not nested too deeply.
    static func isJSON(_ text: ByteBuffer) -> Bool {
        var list = ByteBuffer(string: "[")
        list.writeImmutableBuffer(text)
        list.writeString("]")
        return JSONOutline.elements(of: list)?.count == 1
    }
}

extension Response {
    /// 422 in the form of FastAPI.
    static func mistake(_ mistake: ToolArguments.Mistake) -> Response {
        let entry = JSONText.object([
            ("type", JSONText.quotedBuffer(mistake.type)), ("loc", ByteBuffer(string: #"["body"]"#)),
            ("msg", JSONText.quotedBuffer(mistake.words)),
        ])
        return json(.unprocessableEntity, JSONText.object([("detail", JSONText.array([entry]))]))
    }
}
