/// How servers are offered as OpenAPI tools, for clients that do not speak MCP.
public struct OpenAPIConfiguration: Sendable, Equatable {
    /// What operations are called.
    public enum OperationIDs: String, Sendable, CaseIterable {
        /// `tool_NAME_post`, as in mcpo.
        case mcpo
        /// The tool's name.
        case plain
    }

    /// Whether they are offered at all.
    public var isEnabled: Bool
    /// Where they are at the paths that mcpo has, beside `/openapi/` at the gateway's own addresses. None twice.
    public var addresses: [ListenAddress]
    /// What operations are called.
    public var operationIDs: OperationIDs

    /// Describes the offer; the defaults are those of the file.
    public init(isEnabled: Bool = true, addresses: [ListenAddress] = [], operationIDs: OperationIDs = .mcpo) {
        self.isEnabled = isEnabled
        self.addresses = addresses
        self.operationIDs = operationIDs
    }
}
