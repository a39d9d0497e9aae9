internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Makes a `sampling/createMessage` one that its client understands: of its revision, and without what it did not declare.
enum SamplingProjection {
    static func projected(_ request: Message, for client: ClientProfile) -> Result<Message, ClientQuestion.Refusal> {
        guard let range = request.envelope.params, let params = JSONOutline.members(of: request.slice(range)) else {
            return .success(request)
        }
        // A client that did not declare it must refuse (MCP 2025-11-25 schema, `tools` and `toolChoice`).
        guard client.capabilities.toolSampling || !params.contains(where: { Self.ofTools.contains($0.key) }) else {
            return .failure(
                ClientQuestion.Refusal(
                    code: .invalidParams, message: "the client did not declare the capability sampling.tools"))
        }
        guard client.revision < .r2025_11_25 else { return .success(request) }
        var members: [JSONOutline.Member] = []
        // Before 2025-11-25 nobody knew of tools nor of tasks.
        for member in params where !Self.ofTools.contains(member.key) && member.key != "task" {
            guard member.key == "messages" else {
                members.append(member)
                continue
            }
            switch messages(member.value, client.revision) {
            case .success(let messages): members.append((member.key, messages))
            case .failure(let refusal): return .failure(refusal)
            }
        }
        return .success((try? Message(request.replacing((range, JSONText.object(members))))) ?? request)
    }

    private static let ofTools: Set<String> = ["tools", "toolChoice"]

    /// Messages with one block of content each, as they were before 2025-11-25: one with several becomes several.
    private static func messages(
        _ json: ByteBuffer, _ revision: ProtocolRevision
    ) -> Result<ByteBuffer, ClientQuestion.Refusal> {
        guard let messages = JSONOutline.elements(of: json) else { return .success(json) }
        var projected: [ByteBuffer] = []
        for message in messages {
            let members = JSONOutline.members(of: message) ?? []
            let content = members.first { $0.key == "content" }?.value
            let blocks = content.flatMap { JSONOutline.elements(of: $0) }
            for block in blocks ?? content.map({ [$0] }) ?? [] {
                let type = JSONOutline.members(of: block)?.first { $0.key == "type" }
                let kind = type.flatMap { JSONOutline.string($0.value) } ?? ""
                guard isKnown(kind, in: revision) else {
                    return .failure(
                        ClientQuestion.Refusal(
                            code: .invalidParams,
                            message: "the client speaks MCP \(revision.rawValue), whose sampling has no content of "
                                + "type \"\(kind.prefix(40))\""))
                }
            }
            guard let blocks else {
                projected.append(message)
                continue
            }
            projected += blocks.map { block in
                JSONText.object(members.map { ($0.key, $0.key == "content" ? block : $0.value) })
            }
        }
        return .success(JSONText.array(projected))
    }

    private static func isKnown(_ kind: String, in revision: ProtocolRevision) -> Bool {
        switch kind {
        case "tool_use", "tool_result": false
        case "audio": revision >= .r2025_03_26
        default: true
        }
    }
}
