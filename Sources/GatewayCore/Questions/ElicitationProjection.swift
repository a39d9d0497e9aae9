internal import JSONRPC
internal import MCP
internal import NIOCore

/// Makes a form of MCP 2025-11-25 one of 2025-06-18, whose clients know no `mode`, no titled choices in the form of
/// `oneOf`, no default but that of a boolean, and no choice of several.
enum ElicitationProjection {
    static func downgraded(
        _ request: Message, _ params: [JSONOutline.Member]
    ) -> Result<Message, ClientQuestion.Refusal> {
        var members: [JSONOutline.Member] = []
        for member in params where member.key != "mode" {
            guard member.key == "requestedSchema" else {
                members.append(member)
                continue
            }
            guard let schema = schema(member.value) else {
                return .failure(
                    ClientQuestion.Refusal(
                        code: .invalidParams,
                        message: "the client speaks MCP 2025-06-18, whose forms have no such field"))
            }
            members.append((member.key, schema))
        }
        guard let range = request.envelope.params,
            let projected = try? Message(request.replacing((range, JSONText.object(members))))
        else { return .success(request) }
        return .success(projected)
    }

    private static func schema(_ json: ByteBuffer) -> ByteBuffer? {
        guard let members = JSONOutline.members(of: json) else { return json }
        var projected: [JSONOutline.Member] = []
        for member in members {
            guard member.key == "properties", let properties = JSONOutline.members(of: member.value) else {
                projected.append(member)
                continue
            }
            var fields: [JSONOutline.Member] = []
            for property in properties {
                guard let field = field(property.value) else { return nil }
                fields.append((property.key, field))
            }
            projected.append((member.key, JSONText.object(fields)))
        }
        return JSONText.object(projected)
    }

    /// One field, or `nil` if there is no such one.
    private static func field(_ json: ByteBuffer) -> ByteBuffer? {
        guard let members = JSONOutline.members(of: json) else { return json }
        let type = members.first { $0.key == "type" }.flatMap { JSONOutline.string($0.value) }
        guard type != "array" else { return nil }
        return JSONText.object(
            members.flatMap { member -> [JSONOutline.Member] in
                switch member.key {
                case "default": type == "boolean" ? [member] : []
                case "oneOf": choices(member.value) ?? [member]
                default: [member]
                }
            })
    }

    /// `oneOf: [{const, title}]` as `enum` and `enumNames`.
    private static func choices(_ json: ByteBuffer) -> [JSONOutline.Member]? {
        guard let choices = JSONOutline.elements(of: json) else { return nil }
        var (values, titles): ([ByteBuffer], [ByteBuffer]) = ([], [])
        for choice in choices {
            let members = JSONOutline.members(of: choice)
            guard let value = members?.first(where: { $0.key == "const" })?.value else { return nil }
            values.append(value)
            titles.append(members?.first { $0.key == "title" }?.value ?? value)
        }
        return [("enum", JSONText.array(values)), ("enumNames", JSONText.array(titles))]
    }
}
