/// What holds for every endpoint for several servers.
public struct AggregateRules: Sendable, Equatable {
    /// What names may look like.
    public var names: NameRules
    /// How many entries a page of a list holds; all of them if `nil`, since many clients ask for the first page only.
    public var pageSize: Int?

    /// Rules; the defaults are those of the configuration file.
    public init(names: NameRules = NameRules(), pageSize: Int? = nil) {
        self.names = names
        self.pageSize = pageSize
    }
}
