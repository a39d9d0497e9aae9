internal import JSONRPC
internal import NIOCore

/// The URLs that a server wants visited before it does what it was called for, as its error says (MCP 2025-11-25 "URL
/// Elicitation Required", -32042).
struct RequiredURLs {
    /// For each of them the parameters of an `elicitation/create`, complete whatever the server left out.
    let elicitations: [ByteBuffer]
    /// The URLs themselves.
    let urls: [String]

    /// - Returns: `nil` for another error, or one that names no URL.
    init?(of error: ByteBuffer) {
        guard let members = JSONOutline.members(of: error),
            members.contains(where: { $0.key == "code" && String(buffer: $0.value) == "-32042" }),
            let data = members.last(where: { $0.key == "data" }).flatMap({ JSONOutline.members(of: $0.value) }),
            let list = data.last(where: { $0.key == "elicitations" }).flatMap({ JSONOutline.elements(of: $0.value) })
        else { return nil }
        let visits = list.compactMap(Self.visit)
        guard !visits.isEmpty else { return nil }
        elicitations = visits.map(\.params)
        urls = visits.map(\.url)
    }

    /// The error with a name before what each elicitation says.
    static func naming(_ server: String, in error: ByteBuffer) -> ByteBuffer? {
        guard let required = RequiredURLs(of: error), var members = JSONOutline.members(of: error) else { return nil }
        let named = required.elicitations.map { params in
            JSONText.object(
                (JSONOutline.members(of: params) ?? []).map { member in
                    guard member.key == "message" else { return member }
                    return (member.key, JSONText.quotedBuffer("\(server): \(JSONOutline.string(member.value) ?? "")"))
                })
        }
        members.removeAll { $0.key == "data" }
        members.append(("data", JSONText.object([("elicitations", JSONText.array(named))])))
        return JSONText.object(members)
    }

    private static func visit(_ params: ByteBuffer) -> (params: ByteBuffer, url: String)? {
        guard var members = JSONOutline.members(of: params),
            let url = members.last(where: { $0.key == "url" }).flatMap({ JSONOutline.string($0.value) })
        else { return nil }
        let message = members.last { $0.key == "message" }.flatMap { JSONOutline.string($0.value) }
        members.removeAll { $0.key == "mode" || $0.key == "message" || $0.key == "url" }
        let own: [JSONOutline.Member] = [
            ("mode", JSONText.quotedBuffer("url")),
            ("message", JSONText.quotedBuffer(message ?? "A page has to be visited first")),
            ("url", JSONText.quotedBuffer(url)),
        ]
        return (JSONText.object(own + members), url)
    }
}
