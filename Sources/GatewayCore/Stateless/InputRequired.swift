internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// The `input_required` result, and what of a request made again answers it (MCP 2026-07-28 schema,
/// `InputRequiredResult`, `InputResponseRequestParams`).
enum InputRequired {
    /// The methods whose results may ask for input.
    static func isAllowed(for method: String) -> Bool {
        switch method {
        case "tools/call", "prompts/get", "resources/read": true
        default: false
        }
    }

    /// The result that asks for the answers to these requests.
    static func result(
        _ requests: [(key: String, request: ByteBuffer)], state: String, mark: ServerMark
    ) -> ByteBuffer {
        JSONText.object([
            ("resultType", JSONText.quotedBuffer("input_required")),
            ("inputRequests", JSONText.object(requests.map { ($0.key, $0.request) })),
            ("requestState", JSONText.quotedBuffer(state)),
            ("_meta", JSONText.object([(MetaKey.serverInfo, mark.info)])),
        ])
    }

    /// A server's request as an entry of `inputRequests`: without its id, and without what this revision does not have.
    static func entry(for request: Message) -> ByteBuffer {
        entry(method: request.methodName ?? "", params: request.params ?? ByteBuffer(string: "{}"))
    }

    /// The same, of its parts.
    static func entry(method: String, params: ByteBuffer) -> ByteBuffer {
        let withheld: Set<String> = ["elicitationId", "task"]
        var params = (JSONOutline.members(of: params) ?? []).filter { !withheld.contains($0.key) }
        if let index = params.firstIndex(where: { $0.key == "_meta" }) {
            let rest = (JSONOutline.members(of: params[index].value) ?? []).filter { $0.key != "progressToken" }
            if rest.isEmpty { params.remove(at: index) } else { params[index].value = JSONText.object(rest) }
        }
        // A form needed no mode when there was nothing else.
        if method == "elicitation/create", !params.contains(where: { $0.key == "mode" }) {
            params.insert(("mode", JSONText.quotedBuffer("form")), at: 0)
        }
        var members = [(key: "method", value: JSONText.quotedBuffer(method))]
        // `roots/list` has none but what is left of `_meta`.
        if !params.isEmpty || method != "roots/list" { members.append(("params", JSONText.object(params))) }
        return JSONText.object(members)
    }

    /// What a request brings along because it is made again.
    struct Retry {
        /// The `requestState` that it was given.
        var state: String?
        /// Its `inputResponses`.
        var responses: [(key: String, result: ByteBuffer)] = []
        /// The request without both.
        var plain: Message

        /// - Returns: `nil` for a request that brings neither.
        /// - Throws: `Malformed` if one of them is not what it should be.
        init?(_ request: Message) throws(Malformed) {
            // Almost no request is one that is made again, and a search costs less than a look at what is in it.
            guard RepetitionKeys.mayStand(in: request.bytes) else { return nil }
            guard let range = request.envelope.params, let members = JSONOutline.members(of: request.slice(range)),
                members.contains(where: { RepetitionKeys.all.contains($0.key) })
            else { return nil }
            if let state = members.last(where: { $0.key == RepetitionKeys.state })?.value {
                guard let text = JSONOutline.string(state) else {
                    throw Malformed(key: RepetitionKeys.state, type: "a string")
                }
                self.state = text
            }
            if let responses = members.last(where: { $0.key == RepetitionKeys.responses })?.value {
                guard let answers = JSONOutline.members(of: responses),
                    answers.allSatisfy({ JSONOutline.members(of: $0.value) != nil })
                else { throw Malformed(key: RepetitionKeys.responses, type: "an object of objects") }
                self.responses = answers.map { ($0.key, $0.value) }
            }
            let rest = JSONText.object(members.filter { !RepetitionKeys.all.contains($0.key) })
            guard let plain = try? Message(request.replacing((range, rest))) else {
                throw Malformed(key: "params", type: "an object")
            }
            self.plain = plain
        }
    }

    /// A member that is not what it should be.
    struct Malformed: Error {
        let key: String
        let type: String
    }
}
