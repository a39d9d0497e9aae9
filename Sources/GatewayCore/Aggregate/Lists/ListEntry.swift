internal import JSONRPC
internal import NIOCore

/// One tool, prompt, resource or template, as its server lists it.
struct ListEntry: Equatable {
    /// Its name, URI or template, decoded.
    let identity: String
    /// All of it, as JSON text.
    let json: ByteBuffer

    /// Reads an element of a list; `nil` if nothing tells it from others, for then nobody could use it.
    init?(_ json: ByteBuffer, of kind: ListKind) {
        let members = JSONOutline.members(of: json)
        guard let value = members?.last(where: { $0.key == kind.identity })?.value,
            let identity = JSONOutline.string(value)
        else { return nil }
        self.identity = identity
        self.json = json
    }

    /// All of it with other values for some members; those that it does not have are added at the end.
    func replacing(_ values: [(key: String, value: String)]) -> ByteBuffer {
        var members = JSONOutline.members(of: json) ?? []
        for (key, value) in values {
            let text = JSONText.quotedBuffer(value)
            if members.contains(where: { $0.key == key }) {
                members = members.map { $0.key == key ? (key, text) : $0 }
            } else {
                members.append((key, text))
            }
        }
        return JSONText.object(members)
    }
}
