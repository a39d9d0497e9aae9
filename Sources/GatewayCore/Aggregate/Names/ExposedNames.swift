internal import JSONRPC

/// What the tools, or the prompts, of several servers are called behind one endpoint.
///
/// A name depends on its server's prefix and on what the server calls it, and on the other names only where two would
/// be the same. So it stays over restarts, and clients' lists of allowed tools stay good. It is looked up, never taken
/// apart: `a__b__c` says nothing about whose it is.
struct ExposedNames: Equatable {
    /// A name as its server knows it.
    struct Origin: Hashable {
        /// The place of the server among the members.
        let member: Int
        fileprivate let exactName: ExactText

        init(member: Int, name: String) {
            self.member = member
            exactName = ExactText(name)
        }

        var name: String { exactName.text }
    }

    /// One name to be exposed.
    struct Entry {
        let origin: Origin
        /// The server's own name, which makes hashes differ and is the prefix of last resort.
        let server: String
        /// Stands before the name, with the separator between; nothing if empty.
        let prefix: String
        /// The whole name, if the configuration gives one.
        var given: String?
    }

    private let origins: [ExactText: Origin]
    private let names: [Origin: String]

    /// Finds a name for each of the entries. Of two for the same origin the second is ignored.
    init(_ entries: [Entry], rules: NameRules) {
        var seen: Set<Origin> = []
        let ordered = entries.filter { seen.insert($0.origin).inserted }.sorted {
            ($0.origin.member, $0.origin.exactName) < ($1.origin.member, $1.origin.exactName)
        }
        var names: [Origin: String] = [:]
        var origins: [ExactText: Origin] = [:]
        var losers: [(entry: Entry, wish: String)] = []
        for (wish, rivals) in Self.grouped(ordered.map { Candidate($0, rules) }) {
            let winner =
                rivals.first { $0.entry.given != nil } ?? rivals.first { $0.isFaithful }
                ?? (rivals.count == 1 && rivals[0].fits ? rivals[0] : nil)
            for rival in rivals where rival.entry.origin != winner?.entry.origin {
                losers.append((rival.entry, wish))
            }
            guard let winner else { continue }
            names[winner.entry.origin] = wish
            origins[ExactText(wish)] = winner.entry.origin
        }
        for (entry, wish) in losers {
            let name = Self.otherName(for: entry, wish, rules) { origins[ExactText($0)] == nil }
            names[entry.origin] = name
            origins[ExactText(name)] = entry.origin
        }
        self.names = names
        self.origins = origins
    }

    /// Whose name this is.
    func origin(of exposed: String) -> Origin? { origins[ExactText(exposed)] }

    /// What clients call it.
    func exposed(_ origin: Origin) -> String? { names[origin] }

    /// The names that differ from another only in case: some clients take them for the same. Sorted.
    var caseClashes: [[String]] {
        Dictionary(grouping: origins.keys.map(\.text)) { $0.lowercased() }.values.filter { $0.count > 1 }.map {
            $0.sorted()
        }
        .sorted { $0[0] < $1[0] }
    }

    /// An entry and the name that it would have if it were alone.
    private struct Candidate {
        let entry: Entry
        let wish: String
        let isFaithful: Bool
        let fits: Bool

        init(_ entry: Entry, _ rules: NameRules) {
            self.entry = entry
            let (composed, isFaithful) = rules.compose(prefix: entry.prefix, name: entry.origin.name)
            wish = entry.given ?? composed
            self.isFaithful = isFaithful
            fits = !composed.isEmpty && composed.utf8.count <= rules.maximumLength
        }
    }

    /// Those with the same wish together, in the order in which the first of each comes.
    private static func grouped(_ candidates: [Candidate]) -> [(wish: String, rivals: [Candidate])] {
        let groups = Dictionary(grouping: candidates, by: \.wish)
        var seen: Set<String> = []
        return candidates.filter { seen.insert($0.wish).inserted }.map { ($0.wish, groups[$0.wish] ?? []) }
    }

    /// A name for an entry that cannot have the one it wished for.
    private static func otherName(
        for entry: Entry, _ wish: String, _ rules: NameRules, isFree: (String) -> Bool
    ) -> String {
        if entry.prefix.isEmpty, entry.given == nil {
            let (prefixed, isFaithful) = rules.compose(
                prefix: NameRules.sanitised(entry.server), name: entry.origin.name)
            if isFaithful, isFree(prefixed) { return prefixed }
        }
        var hash = StableHash()
        hash.add(entry.server)
        hash.add(entry.origin.name)
        while !isFree(rules.marked(wish, with: hash)) { hash.add(0) }
        return rules.marked(wish, with: hash)
    }
}
