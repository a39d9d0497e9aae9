/// How servers are offered as OpenAPI tools.
public struct OpenAPISettings: Sendable, Equatable {
    /// Where, on one front.
    public enum Place: Sendable, Equatable {
        /// Below `/openapi/`, beside everything else.
        case below
        /// At the paths that mcpo has: `/NAME/TOOL`, `/NAME/openapi.json`. Nothing but the health pages is beside it.
        case everywhere
    }

    /// What operations are called. Consumers take that for the name that a model sees.
    public enum OperationIDs: Sendable, Equatable {
        /// `tool_NAME_post`, as mcpo has it.
        case mcpo
        /// The tool's name.
        case plain
    }

    /// Where they are.
    public var place: Place
    /// What operations are called.
    public var operationIDs: OperationIDs

    /// Describes an offer.
    public init(_ place: Place, operationIDs: OperationIDs = .mcpo) {
        self.place = place
        self.operationIDs = operationIDs
    }
}
