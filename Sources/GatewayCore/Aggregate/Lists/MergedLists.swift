internal import NIOCore

/// What several servers list, as clients of one endpoint see it: in the order of the configuration, and each server's
/// in the server's order.
struct MergedLists {
    /// One server's part.
    struct Member {
        let server: String
        let exposure: Exposure
        /// Whether a tool of this name exists for anybody.
        var admits: (String) -> Bool = { _ in true }
        var lists: [ListKind: [ListEntry]] = [:]

        /// What stands before its names.
        var prefix: String { exposure.prefix ?? NameRules.sanitised(server) }
    }

    /// One entry, ready for clients.
    struct Entry {
        let member: Int
        /// What its server calls it.
        let identity: String
        let json: ByteBuffer
    }

    let tools: ExposedNames
    let prompts: ExposedNames
    let resources: ResourceDirectory
    private let entries: [ListKind: [Entry]]

    init(_ members: [Member], rules: NameRules) {
        let members = members.map(\.withoutHiddenTools)
        let tools = Self.names(of: .tools, members, rules)
        let prompts = Self.names(of: .prompts, members, rules)
        let labels = ResourceDirectory.labels(of: members.map(\.server))
        let resources = ResourceDirectory(
            zip(labels, members).map { label, member in
                ResourceDirectory.Shelf(
                    label: label,
                    resources: (member.lists[.resources] ?? []).map(\.identity),
                    templates: (member.lists[.templates] ?? []).map(\.identity))
            })
        var entries: [ListKind: [Entry]] = [:]
        for kind in ListKind.allCases {
            entries[kind] = members.enumerated().flatMap { index, member in
                (member.lists[kind] ?? []).map { entry in
                    let origin = ExposedNames.Origin(member: index, name: entry.identity)
                    let json: ByteBuffer =
                        switch kind {
                        case .tools:
                            entry.replacing(
                                member.exposure.replacements(of: entry.identity, tools.exposed(origin)))
                        case .prompts: entry.naming(kind, prompts.exposed(origin) ?? entry.identity)
                        case .resources: entry.naming(kind, resources.exposed(entry.identity, of: index))
                        case .templates: entry.naming(kind, resources.exposed(template: entry.identity, of: index))
                        }
                    return Entry(member: index, identity: entry.identity, json: json)
                }
            }
        }
        self.tools = tools
        self.prompts = prompts
        self.resources = resources
        self.entries = entries
    }

    /// The entries of one list for whom `isVisible` lets see them.
    func list(_ kind: ListKind, where isVisible: (Entry) -> Bool) -> [ByteBuffer] {
        (entries[kind] ?? []).filter(isVisible).map(\.json)
    }

    private static func names(of kind: ListKind, _ members: [Member], _ rules: NameRules) -> ExposedNames {
        ExposedNames(
            members.enumerated().flatMap { index, member in
                (member.lists[kind] ?? []).map { entry in
                    ExposedNames.Entry(
                        origin: ExposedNames.Origin(member: index, name: entry.identity), server: member.server,
                        prefix: member.prefix,
                        given: kind == .tools ? member.exposure.tool(entry.identity)?.name : nil)
                }
            }, rules: rules)
    }
}

extension MergedLists.Member {
    fileprivate var withoutHiddenTools: Self {
        var member = self
        member.lists[.tools]?.removeAll { exposure.tool($0.identity)?.isHidden == true || !admits($0.identity) }
        return member
    }
}

extension Exposure {
    fileprivate func replacements(of tool: String, _ name: String?) -> [(key: String, value: String)] {
        let name = name.map { [(key: "name", value: $0)] } ?? []
        return name + (self.tool(tool)?.description.map { [(key: "description", value: $0)] } ?? [])
    }
}

extension ListEntry {
    /// All of it under another name, URI or template; the same bytes if it is its own.
    fileprivate func naming(_ kind: ListKind, _ name: String) -> ByteBuffer {
        name == identity ? json : replacing([(kind.identity, name)])
    }
}
