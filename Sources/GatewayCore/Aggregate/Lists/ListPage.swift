internal import JSONRPC
internal import NIOCore

/// A page of a merged list.
///
/// The cursor holds where the next page begins and a hash of the whole list: it is good for as long as the list is the
/// same, in this process or a later one, and for nothing else (MCP "Pagination": clients take it for opaque).
struct ListPage: Equatable {
    /// A cursor that was given for another list, or for none.
    struct StaleCursor: Error, Equatable {}

    /// The result of the request, as JSON text.
    let result: ByteBuffer

    /// The page at `cursor` (decoded), or the first.
    ///
    /// - Parameter size: how many entries a page holds; all if `nil`.
    init(of list: [ByteBuffer], _ kind: ListKind, at cursor: String?, size: Int?) throws(StaleCursor) {
        var start = 0
        if let cursor {
            guard let offset = Self.offset(in: cursor, of: list, kind) else { throw StaleCursor() }
            start = offset
        }
        let end = min(list.count, start + (size ?? list.count))
        var members = [(key: kind.key, value: JSONText.array(Array(list[start..<end])))]
        if end < list.count {
            members.append(("nextCursor", JSONText.quotedBuffer("\(Self.version(of: list, kind))\(end)")))
        }
        result = JSONText.object(members)
    }

    private static func offset(in cursor: String, of list: [ByteBuffer], _ kind: ListKind) -> Int? {
        let version = version(of: list, kind)
        guard cursor.hasPrefix(version), let offset = Int(cursor.dropFirst(version.count)) else { return nil }
        return (1..<max(list.count, 1)).contains(offset) ? offset : nil
    }

    private static func version(of list: [ByteBuffer], _ kind: ListKind) -> String {
        var hash = StableHash()
        hash.add(kind.key)
        for entry in list {
            for byte in entry.readableBytesView { hash.add(byte) }
            hash.add(0xFF)
        }
        return hash.text
    }
}
