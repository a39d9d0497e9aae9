public import JSONRPC
public import NIOCore

/// What belongs to tasks (MCP 2025-11-25 "Tasks"), which are not carried: the gateway declares them to neither side.
public enum TaskFields {
    /// A request without the wish that a task be made of it. Who has not declared tasks does without them: the request is
    /// handled as any other (MCP 2025-11-25 "Tasks", requirements for receivers).
    public static func removed(from request: Message) -> Message {
        guard request.envelope.paramsHaveTask, let range = request.envelope.params,
            let members = JSONOutline.members(of: request.slice(range))
        else { return request }
        let rest = JSONText.object(members.filter { $0.key != "task" })
        return (try? Message(request.replacing((range, rest)))) ?? request
    }

    /// An answer to `tools/list` without what tools say of tasks (`execution`), and without the tools that can be called
    /// as tasks only.
    public static func hidden(in response: Message) -> ByteBuffer {
        guard let range = response.envelope.result, let members = JSONOutline.members(of: response.slice(range)),
            let list = members.first(where: { $0.key == "tools" }), let tools = JSONOutline.elements(of: list.value)
        else { return response.singleLine }
        var isChanged = false
        let shown = tools.compactMap { tool -> ByteBuffer? in
            guard let members = JSONOutline.members(of: tool),
                let execution = members.first(where: { $0.key == "execution" })
            else { return tool }
            isChanged = true
            let support = JSONOutline.members(of: execution.value)?.first { $0.key == "taskSupport" }
            guard support.flatMap({ JSONOutline.string($0.value) }) != "required" else { return nil }
            return JSONText.object(members.filter { $0.key != "execution" })
        }
        guard isChanged else { return response.singleLine }
        let array = JSONText.array(shown)
        let result = JSONText.object(members.map { ($0.key, $0.key == "tools" ? array : $0.value) })
        return response.replacing((range, result))
    }
}
