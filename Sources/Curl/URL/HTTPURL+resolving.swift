extension HTTPURL {
    /// The URL that a reference means here (RFC 3986 §5.2), such as a `Location` or an `endpoint` event.
    ///
    /// The userinfo is this URL's own where the origin stays the same, and none elsewhere: a server neither gets
    /// somebody else's credentials nor chooses them.
    public func resolving(_ reference: String) throws(HTTPURLError) -> HTTPURL {
        let reference = Reference(reference)
        let target: HTTPURL
        if reference.hasScheme {
            target = try HTTPURL(reference.text)
        } else if reference.text.hasPrefix("//") {
            target = try HTTPURL("\(origin.scheme):\(reference.text)")
        } else {
            // Parsed again, because a path from outside may hold anything.
            target = try HTTPURL("\(origin.scheme)://\(origin.authority)\(pathAndQuery(of: reference))")
        }
        return HTTPURL(
            origin: target.origin, userinfo: target.origin == origin ? userinfo : nil,
            path: target.path, query: target.query)
    }

    /// Dot segments are left to libcurl, which removes them from the whole path.
    private func pathAndQuery(of reference: Reference) -> String {
        let ownQuery = query.map { "?\($0)" } ?? ""
        let queryText = reference.query.map { "?\($0)" }
        if reference.path.isEmpty { return path + (queryText ?? ownQuery) }
        if reference.path.hasPrefix("/") { return reference.path + (queryText ?? "") }
        let directory = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return directory + reference.path + (queryText ?? "")
    }

    /// A URI reference without its fragment (RFC 3986 §4.1).
    private struct Reference {
        let text: String
        let path: String
        let query: String?

        init(_ reference: String) {
            text = String(reference.prefix { $0 != "#" })
            let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            path = String(parts[0])
            query = parts.count > 1 ? String(parts[1]) : nil
        }

        /// A colon before the first slash ends a scheme.
        var hasScheme: Bool {
            path.prefix { $0 != "/" }.contains(":")
        }
    }
}
