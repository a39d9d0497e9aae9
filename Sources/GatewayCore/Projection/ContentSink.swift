internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Replaces kinds of content that a client's revision does not know, since strict clients fail the whole result at them:
/// sound becomes a resource, a link becomes text.
struct ContentSink: CallerSink {
    let revision: ProtocolRevision
    let next: any CallerSink

    func deliver(_ message: ByteBuffer) -> Bool {
        next.deliver(message)
    }

    func finish(_ answer: Answer) {
        guard case .message(let bytes) = answer else { return next.finish(answer) }
        next.finish(.message(projected(bytes)))
    }

    private func projected(_ bytes: ByteBuffer) -> ByteBuffer {
        guard let message = try? Message(bytes), let range = message.envelope.result,
            let members = JSONOutline.members(of: message.slice(range))
        else { return bytes }
        var isChanged = false
        let projected = members.map { member -> JSONOutline.Member in
            switch member.key {
            case "content": (member.key, list(member.value, &isChanged) { block($0) })
            case "messages": (member.key, list(member.value, &isChanged) { prompt($0) })
            default: member
            }
        }
        return isChanged ? message.replacing((range, JSONText.object(projected))) : bytes
    }

    private func list(
        _ json: ByteBuffer, _ isChanged: inout Bool, _ project: (ByteBuffer) -> ByteBuffer?
    ) -> ByteBuffer {
        guard let elements = JSONOutline.elements(of: json) else { return json }
        let projected = elements.map(project)
        guard projected.contains(where: { $0 != nil }) else { return json }
        isChanged = true
        return JSONText.array(zip(elements, projected).map { $1 ?? $0 })
    }

    private func prompt(_ json: ByteBuffer) -> ByteBuffer? {
        guard let members = JSONOutline.members(of: json),
            let content = members.first(where: { $0.key == "content" }).flatMap({ block($0.value) })
        else { return nil }
        return JSONText.object(members.map { ($0.key, $0.key == "content" ? content : $0.value) })
    }

    /// A block of another kind, or `nil` if it can stay as it is.
    private func block(_ json: ByteBuffer) -> ByteBuffer? {
        guard let members = JSONOutline.members(of: json) else { return nil }
        func member(_ key: String) -> ByteBuffer? { members.first { $0.key == key }?.value }
        switch member("type").flatMap(JSONOutline.string) {
        case "audio" where revision < .r2025_03_26:
            let resource = [
                ("uri", JSONText.quotedBuffer("data:audio")), ("mimeType", member("mimeType")),
                ("blob", member("data")),
            ]
            return JSONText.object([
                ("type", JSONText.quotedBuffer("resource")),
                ("resource", JSONText.object(resource.compactMap { key, value in value.map { (key, $0) } })),
            ])
        case "resource_link" where revision < .r2025_06_18:
            let words = ["title", "name", "uri"].compactMap { member($0).flatMap(JSONOutline.string) }
            return JSONText.object([
                ("type", JSONText.quotedBuffer("text")),
                ("text", JSONText.quotedBuffer(words.joined(separator: " "))),
            ])
        default: return nil
        }
    }
}

extension ProtocolRevision {
    /// Where what comes of a request of this method goes, so that a client of this revision understands it.
    func projecting(_ method: String, into sink: any CallerSink) -> any CallerSink {
        guard self < .r2025_11_25 else { return sink }
        switch method {
        case "tools/call", "prompts/get":
            let sink = RequiredURLSink(next: sink)
            return self < .r2025_06_18 ? ContentSink(revision: self, next: sink) : sink
        case "resources/read": return RequiredURLSink(next: sink)
        default: return sink
        }
    }
}
