/// Resources that servers have lately linked to without listing them. The oldest is forgotten for the newest.
struct SeenLinks {
    private let limit: Int
    private var members: [String: String] = [:]
    private var order: [String] = []
    private var oldest = 0

    init(limit: Int = 4096) {
        self.limit = limit
    }

    /// The server that linked to this URI, if it is remembered; of several, the first.
    subscript(uri: String) -> String? { members[uri] }

    /// Remembers that this server has linked to `uri`.
    mutating func add(_ uri: String, of server: String) {
        guard members[uri] == nil else { return }
        if order.count < limit {
            order.append(uri)
        } else {
            members[order[oldest]] = nil
            order[oldest] = uri
            oldest = (oldest + 1) % limit
        }
        members[uri] = server
    }
}
