/// Lists in pages, with cursors that nobody would guess to be numbers.
enum Pages {
    /// The result for one page; nil for a cursor that was never given. All in one page if `size` is 0.
    static func page(_ items: [String], as key: String, cursor: RawJSON?, size: Int, members: String = "") -> String? {
        let size = size == 0 ? max(items.count, 1) : size
        let starts = stride(from: 0, to: max(items.count, 1), by: size)
        guard let start = cursor == nil ? 0 : starts.dropFirst().first(where: { name($0, key) == cursor?.string })
        else { return nil }
        let end = min(start + size, items.count)
        let next = end < items.count ? #","nextCursor":\#(JSONText.quoted(name(end, key)))"# : ""
        return #"{"\#(key)":[\#(items[start..<end].joined(separator: ","))]\#(next)\#(members)}"#
    }

    private static func name(_ start: Int, _ key: String) -> String { "página/\(start)+\(key)==" }
}
