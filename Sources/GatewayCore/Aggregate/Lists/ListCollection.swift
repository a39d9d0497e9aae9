internal import JSONRPC
internal import MCP
internal import NIOCore

/// Collects one list of one server, page after page (MCP "Pagination").
///
/// A server that leads in circles, or on and on, is followed no further; what there is until then is kept.
struct ListCollection {
    /// What is to be done after a page.
    enum Step: Equatable {
        /// Ask for the page at this cursor (JSON text of a string).
        case ask(cursor: ByteBuffer)
        /// That is all.
        case done
        /// That is all that is taken; the reason is a clause about the server.
        case cut(reason: String)
    }

    /// What is taken of one list.
    struct Bounds {
        var pages = 1000
        var entries = 10_000
        var bytes = 8 << 20
    }

    let kind: ListKind
    private let bounds: Bounds
    private(set) var entries: [ListEntry] = []
    /// How its pages may be kept, all of them.
    private(set) var caching = ModernResult.Caching.unlimited
    private var cursors: Set<ByteBuffer> = []
    private var pages = 0
    private var bytes = 0

    init(_ kind: ListKind, bounds: Bounds = Bounds()) {
        self.kind = kind
        self.bounds = bounds
    }

    /// Takes the result of a request for a page.
    mutating func take(_ result: ByteBuffer) -> Step {
        pages += 1
        let members = JSONOutline.members(of: result) ?? []
        caching = caching.merged(with: ModernResult.Caching(of: members))
        guard let list = members.last(where: { $0.key == kind.key })?.value,
            let elements = JSONOutline.elements(of: list)
        else { return .cut(reason: "answered \(kind.method) without \"\(kind.key)\"") }
        for element in elements {
            guard entries.count < bounds.entries else {
                return .cut(reason: "has more than \(bounds.entries) \(kind.key)")
            }
            bytes += element.readableBytes
            guard bytes <= bounds.bytes else {
                return .cut(reason: "has more than \(bounds.bytes) bytes of \(kind.key)")
            }
            // A copy, or the whole message would be kept for as long as the entry.
            if let entry = ListEntry(ByteBuffer(bytes: element.readableBytesView), of: kind) { entries.append(entry) }
        }
        guard let cursor = members.last(where: { $0.key == "nextCursor" })?.value, JSONOutline.string(cursor) != nil
        else { return .done }
        guard cursors.insert(cursor).inserted else {
            return .cut(reason: "answered \(kind.method) with the same cursor twice")
        }
        guard pages < bounds.pages else {
            return .cut(reason: "has more than \(bounds.pages) pages of \(kind.key)")
        }
        return .ask(cursor: cursor)
    }
}
