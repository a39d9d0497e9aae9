/// What leads from one set of server specifications to another, by name. A pure comparison.
public struct SpecificationChanges: Sendable, Equatable {
    /// Servers that are new.
    public private(set) var added: [String] = []
    /// Servers that are to be run in another way: the old one goes, the new one comes.
    public private(set) var replaced: [String] = []
    /// Servers that are no more.
    public private(set) var removed: [String] = []
    /// Servers that are not touched.
    public private(set) var kept: [String] = []

    /// Compares. Names are unique in each set; the order is that of the new one, then that of the old.
    public init(from old: [ServerSpecification], to new: [ServerSpecification]) {
        let before = Dictionary(old.map { ($0.name, $0) }) { first, _ in first }
        for specification in new {
            switch before[specification.name] {
            case nil: added.append(specification.name)
            case specification: kept.append(specification.name)
            case .some: replaced.append(specification.name)
            }
        }
        let names = Set(new.map(\.name))
        removed = old.map(\.name).filter { !names.contains($0) }
    }
}
