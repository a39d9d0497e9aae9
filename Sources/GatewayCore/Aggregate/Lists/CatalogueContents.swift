internal import JSONRPC
internal import MCP
internal import NIOCore

/// What is known of one server's lists, and what is still to be asked. Pure: whoever holds it sends the requests.
struct CatalogueContents {
    /// What is to be done after an answer.
    enum Step: Equatable {
        /// Ask for the next page of this list, at this cursor (JSON text of a string).
        case ask(ListKind, cursor: ByteBuffer)
        /// Nothing for this list.
        case done
        /// Nothing, and the list is not complete; the reason is a clause about the server.
        case cut(reason: String)
    }

    /// What the server said of itself, if it ever did.
    private(set) var description: ServerDescription?
    /// The lists as they were last seen whole; none of a kind that the server has not yet told.
    private(set) var lists: [ListKind: [ListEntry]] = [:]
    /// How each of them may be kept, as far as the server says.
    private(set) var caching: [ListKind: ModernResult.Caching] = [:]
    /// Whether the server could not be reached when it was last asked.
    private(set) var isAway = false

    private var stale: Set<ListKind> = []
    private var asking: [ListKind: ListCollection] = [:]
    private var changes: Set<Feature> = []
    private let bounds: ListCollection.Bounds

    init(bounds: ListCollection.Bounds = ListCollection.Bounds()) {
        self.bounds = bounds
    }

    /// Whether nothing is being asked, nor has to be.
    var isSettled: Bool { asking.isEmpty && stale.isEmpty }

    /// The server has described itself, after its start or again: everything may be different.
    mutating func described(_ description: ServerDescription) {
        self.description = description
        returned()
        for kind in ListKind.allCases {
            if description.features.contains(kind.feature) {
                stale.insert(kind)
            } else {
                keep([], as: kind, .unlimited)
            }
        }
    }

    /// The server says that its lists of this feature have changed.
    mutating func changed(_ feature: Feature) {
        guard description?.features.contains(feature) == true else { return }
        stale.formUnion(ListKind.allCases.filter { $0.feature == feature })
    }

    /// The server cannot be reached: its lists are kept, but not shown.
    mutating func left() {
        guard !isAway else { return }
        isAway = true
        changes.formUnion(lists.filter { !$0.value.isEmpty }.keys.map(\.feature))
    }

    /// The lists to be asked for from their beginning. One that is being asked for comes later.
    mutating func begin() -> [ListKind] {
        let kinds = ListKind.allCases.filter { stale.contains($0) && asking[$0] == nil }
        for kind in kinds {
            stale.remove(kind)
            asking[kind] = ListCollection(kind, bounds: bounds)
        }
        return kinds
    }

    /// A page has come.
    mutating func took(_ result: ByteBuffer, of kind: ListKind) -> Step {
        returned()
        guard var collection = asking[kind] else { return .done }
        switch collection.take(result) {
        case .ask(let cursor):
            asking[kind] = collection
            return .ask(kind, cursor: cursor)
        case .done:
            asking[kind] = nil
            // What is kept here is only as new as the server's last word on it.
            let isFresh = description?.announcesChanges(of: kind.feature) ?? false
            keep(collection.entries, as: kind, isFresh ? collection.caching : collection.caching.merged(with: .none))
            return .done
        case .cut(let reason):
            asking[kind] = nil
            keep(collection.entries, as: kind, .none)
            return .cut(reason: reason)
        }
    }

    /// No page will come; the list stays what it was.
    mutating func failed(_ kind: ListKind) {
        asking[kind] = nil
    }

    /// The server does not know what it was asked. Nothing is awaited; the list stays what it was.
    mutating func refused(_ kind: ListKind) {
        failed(kind)
        keep(lists[kind] ?? [], as: kind, .none)
    }

    /// Another connection has taken the place of the one that was asked.
    mutating func startOver() {
        asking = [:]
        stale = []
    }

    /// The features whose lists look different since this was last asked.
    mutating func takeChanges() -> Set<Feature> {
        defer { changes = [] }
        return changes
    }

    private mutating func returned() {
        guard isAway else { return }
        isAway = false
        changes.formUnion(lists.filter { !$0.value.isEmpty }.keys.map(\.feature))
    }

    private mutating func keep(_ entries: [ListEntry], as kind: ListKind, _ caching: ModernResult.Caching) {
        self.caching[kind] = caching
        let former = lists.updateValue(entries, forKey: kind) ?? []
        if former != entries { changes.insert(kind.feature) }
    }
}
