internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// A server's question as its client can be asked it: only what it declared, in the shapes of its revision.
enum ClientQuestion {
    /// Why a client is not asked.
    struct Refusal: Error, Equatable {
        let code: ErrorCode
        let message: String

        fileprivate static func undeclared(_ capability: String) -> Refusal {
            Refusal(code: .methodNotFound, message: "the client did not declare the capability \(capability)")
        }
    }

    /// The question as it is put to the client.
    static func projected(_ request: Message, for client: ClientProfile) -> Result<Message, Refusal> {
        let capabilities = client.capabilities
        if request.isMethod("sampling/createMessage") {
            guard capabilities.sampling else { return .failure(.undeclared("sampling")) }
            return SamplingProjection.projected(request, for: client)
        }
        if request.isMethod("roots/list") {
            return capabilities.roots ? .success(request) : .failure(.undeclared("roots"))
        }
        guard request.isMethod("elicitation/create") else {
            return .failure(Refusal(code: .methodNotFound, message: "no client can be asked this"))
        }
        let params = request.params.flatMap { JSONOutline.members(of: $0) } ?? []
        let mode = params.first { $0.key == "mode" }.flatMap { JSONOutline.string($0.value) } ?? "form"
        guard mode == "form" else {
            return capabilities.urlElicitation ? .success(request) : .failure(.undeclared("elicitation.\(mode)"))
        }
        guard capabilities.formElicitation else { return .failure(.undeclared("elicitation.form")) }
        guard client.revision < .r2025_11_25 else { return .success(request) }
        return ElicitationProjection.downgraded(request, params)
    }
}
