internal import JSONRPC
internal import MCP
internal import NIOCore

/// One thing that a server wants to know from its client (MCP 2026-07-28 schema, `InputRequest`).
struct InputRequest {
    /// What can be asked for.
    enum Method: String {
        case elicitation = "elicitation/create"
        case sampling = "sampling/createMessage"
        case roots = "roots/list"
    }

    let method: Method
    private let params: ByteBuffer?
    private let members: [JSONOutline.Member]

    /// Reads a request object without an id; `nil` if it is none that may be asked.
    init?(_ json: ByteBuffer) {
        let request = JSONOutline.members(of: json)
        guard let name = request?.first(where: { $0.key == "method" }).flatMap({ JSONOutline.string($0.value) }),
            let method = Method(rawValue: name)
        else { return nil }
        self.method = method
        params = request?.first { $0.key == "params" }?.value
        guard let params else {
            guard method == .roots else { return nil }
            members = []
            return
        }
        guard let members = JSONOutline.members(of: params) else { return nil }
        self.members = members
    }

    /// Whether a client with these capabilities may be asked.
    func isAllowed(by capabilities: ClientCapabilities) -> Bool {
        switch method {
        case .elicitation: isURL ? capabilities.urlElicitation : capabilities.formElicitation
        case .sampling: capabilities.sampling && (!usesTools || capabilities.samplingTools)
        case .roots: capabilities.roots
        }
    }

    /// What a client must declare to be asked, as a capabilities object.
    var requiredCapability: ByteBuffer {
        let text =
            switch method {
            case .elicitation: isURL ? #"{"elicitation":{"url":{}}}"# : #"{"elicitation":{"form":{}}}"#
            case .sampling: usesTools ? #"{"sampling":{"tools":{}}}"# : #"{"sampling":{}}"#
            case .roots: #"{"roots":{}}"#
            }
        return ByteBuffer(string: text)
    }

    /// What it is called, as a noun.
    var spoken: String {
        switch method {
        case .elicitation: isURL ? "elicitation by URL" : "elicitation"
        case .sampling: usesTools && !members.isEmpty ? "sampling with tools" : "sampling"
        case .roots: "roots"
        }
    }

    /// The params as MCP 2025-11-25 has them: there a URL comes with an id, which this revision has no more.
    func legacyParams(ids: QuestionIDs) -> ByteBuffer? {
        guard method == .elicitation, isURL, !members.contains(where: { $0.key == "elicitationId" }) else {
            return params
        }
        return JSONText.object(members + [("elicitationId", JSONText.quotedBuffer(ids.elicitationID))])
    }

    private var isURL: Bool {
        members.first { $0.key == "mode" }.flatMap { JSONOutline.string($0.value) } == "url"
    }

    private var usesTools: Bool { members.contains { $0.key == "tools" || $0.key == "toolChoice" } }
}

extension ClientCapabilities {
    fileprivate var samplingTools: Bool {
        JSONOutline.members(of: json)?.first { $0.key == "sampling" }
            .flatMap { JSONOutline.members(of: $0.value) }?.contains { $0.key == "tools" } ?? false
    }
}
