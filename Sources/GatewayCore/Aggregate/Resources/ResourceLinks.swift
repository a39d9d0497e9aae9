internal import JSONRPC
internal import NIOCore

/// The URIs of resources in what servers say: in results of `tools/call` (links and embedded resources), `prompts/get`
/// and `resources/read` (MCP schema, `ContentBlock`, `ReadResourceResult`).
enum ResourceLinks {
    /// `message` with each of these URIs replaced by what `translate` makes of it; as it is if that changes nothing.
    ///
    /// - Parameter translate: `nil` keeps a URI.
    static func translating(_ bytes: ByteBuffer, method: String, _ translate: (String) -> String?) -> ByteBuffer {
        guard mentionsURI(bytes), let message = try? Message(bytes), let range = message.envelope.result else {
            return bytes
        }
        let result = message.slice(range)
        let translated: ByteBuffer? =
            switch method {
            case "tools/call": list("content", in: result) { content($0, translate) }
            case "resources/read": list("contents", in: result) { uri(in: $0, translate) }
            case "prompts/get":
                list("messages", in: result) { member("content", of: $0) { content($0, translate) } }
            default: nil
            }
        return translated.map { message.replacing((range, $0)) } ?? bytes
    }

    /// Whether there is anything to look for at all: most results hold no URI.
    private static func mentionsURI(_ bytes: ByteBuffer) -> Bool {
        bytes.withUnsafeReadableBytes { memory in
            let wanted: (UInt8, UInt8, UInt8) = (UInt8(ascii: "u"), UInt8(ascii: "r"), UInt8(ascii: "i"))
            guard memory.count >= 5 else { return false }
            for index in 1..<(memory.count - 3) where memory[index] == wanted.0 {
                if memory[index + 1] == wanted.1, memory[index + 2] == wanted.2,
                    memory[index - 1] == UInt8(ascii: "\""), memory[index + 3] == UInt8(ascii: "\"")
                {
                    return true
                }
            }
            return false
        }
    }

    private static func content(_ block: ByteBuffer, _ translate: (String) -> String?) -> ByteBuffer? {
        let type = JSONOutline.members(of: block)?.last { $0.key == "type" }.flatMap { JSONOutline.string($0.value) }
        switch type {
        case "resource_link": return uri(in: block, translate)
        case "resource": return member("resource", of: block) { uri(in: $0, translate) }
        default: return nil
        }
    }

    private static func uri(in object: ByteBuffer, _ translate: (String) -> String?) -> ByteBuffer? {
        member("uri", of: object) { JSONOutline.string($0).flatMap(translate).map(JSONText.quotedBuffer) }
    }

    /// `object` with another value for a member, or `nil` if that stays the same.
    private static func member(
        _ key: String, of object: ByteBuffer, _ change: (ByteBuffer) -> ByteBuffer?
    ) -> ByteBuffer? {
        guard var members = JSONOutline.members(of: object) else { return nil }
        var isChanged = false
        for index in members.indices where members[index].key == key {
            guard let value = change(members[index].value) else { continue }
            members[index].value = value
            isChanged = true
        }
        return isChanged ? JSONText.object(members) : nil
    }

    /// `object` with other elements in the array at `key`, or `nil` if all stay the same.
    private static func list(
        _ key: String, in object: ByteBuffer, _ change: (ByteBuffer) -> ByteBuffer?
    ) -> ByteBuffer? {
        member(key, of: object) { array in
            guard let elements = JSONOutline.elements(of: array) else { return nil }
            let changed = elements.map(change)
            guard changed.contains(where: { $0 != nil }) else { return nil }
            return JSONText.array(zip(elements, changed).map { $1 ?? $0 })
        }
    }
}
