public import MCP

/// Where the last known description of each server is kept over restarts of the gateway, so that `initialize` can be
/// answered while a slow server still starts.
public protocol DescriptionStore: Sendable {
    /// The description that this server gave last, if it was started in the same way then.
    func description(of specification: ServerSpecification) -> ServerDescription?
    /// Keeps a description. Returns at once; whatever goes wrong costs only the head start.
    func keep(_ description: ServerDescription, of specification: ServerSpecification)
}
