/// Whose resources are whose, among servers behind one endpoint.
///
/// URIs mean something to clients (`file:`, `https:`, `ui:`) and pass unchanged. Only where the same URI would lead to
/// another server, or a template to URIs of another's template, `mcp+LABEL:` stands before it. With its label a URI
/// leads to its server in any case.
struct ResourceDirectory {
    /// What one server lists.
    struct Shelf {
        /// Tells the server from others in a URI; as `labels(of:)` makes it.
        let label: String
        var resources: [String] = []
        var templates: [String] = []
    }

    /// A resource as its server knows it.
    struct Place: Equatable {
        let member: Int
        let uri: String
    }

    private let labels: [String]
    private let members: [String: Int]
    private let owners: [String: Int]
    private let templates: [(member: Int, template: URITemplate)]

    /// The directory of these servers; where two list the same, the first keeps it.
    init(_ shelves: [Shelf]) {
        labels = shelves.map(\.label)
        members = Dictionary(zip(labels, shelves.indices)) { first, _ in first }
        owners = Dictionary(
            shelves.enumerated().flatMap { member, shelf in shelf.resources.map { ($0, member) } }
        ) { first, _ in first }
        templates = shelves.enumerated().flatMap { member, shelf in
            shelf.templates.map { (member, URITemplate($0)) }
        }
    }

    /// Whose URI this is, if no label says so.
    func owner(of uri: String) -> Int? {
        owners[uri] ?? templates.first { $0.template.matches(uri) || $0.template.text == uri }?.member
    }

    /// What a client calls a URI of this server's.
    func exposed(_ uri: String, of member: Int) -> String {
        guard let owner = owner(of: uri), owner != member else { return uri }
        return labelled(uri, member)
    }

    /// What a client calls a template of this server's.
    func exposed(template text: String, of member: Int) -> String {
        let template = URITemplate(text)
        let isTaken = templates.contains { $0.member < member && $0.template.overlaps(template) }
        return isTaken ? labelled(text, member) : text
    }

    /// Where a URI, or a template, of a client's leads; `nil` if nobody is known to have it.
    func resolve(_ exposed: String) -> Place? {
        if let place = place(labelled: exposed) { return place }
        return owner(of: exposed).map { Place(member: $0, uri: exposed) }
    }

    /// A URI, or a template, that leads to this server whatever others have.
    func labelled(_ uri: String, _ member: Int) -> String {
        "\(Self.scheme)\(labels[member]):\(uri)"
    }

    private func place(labelled exposed: String) -> Place? {
        guard exposed.hasPrefix(Self.scheme) else { return nil }
        let rest = exposed.dropFirst(Self.scheme.count)
        guard let colon = rest.firstIndex(of: ":"), let member = members[String(rest[..<colon])] else { return nil }
        return Place(member: member, uri: String(rest[rest.index(after: colon)...]))
    }

    private static let scheme = "mcp+"

    /// The servers' labels: of what may stand in a scheme (RFC 3986 §3.1), no two the same.
    static func labels(of servers: [String]) -> [String] {
        var taken: Set<String> = []
        return servers.map { server in
            var label = String(String.UnicodeScalarView(server.lowercased().unicodeScalars.map(Self.schemeCharacter)))
            var hash = StableHash()
            hash.add(server)
            while !taken.insert(label).inserted {
                label += "-" + hash.shortText
                hash.add(0)
            }
            return label
        }
    }

    private static func schemeCharacter(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "a"..."z", "0"..."9", "-", ".": scalar
        default: "-"
        }
    }
}
