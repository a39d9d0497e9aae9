/// The rules for the keys of `mcpServers`, which are routes: those of TBXark's proxy, and no clash with our own paths.
enum ServerName {
    /// First segments below which the gateway has, or will have, a tree of its own.
    static let reservedTrees: Set<String> = ["group", "openapi", "api", "_ui", ".well-known"]

    /// First segments at which the gateway has, or will have, a single path. A server there clashes with nothing,
    /// since its own paths are one segment longer.
    static let reservedLeaves: Set<String> = [
        "mcp", "sse", "message", "metrics", "livez", "readyz", "healthz", "_healthz", "_readyz",
    ]

    /// The longest name, in bytes; URLs beyond a few KiB are refused on their way.
    static let lengthLimit = 512

    /// What is wrong with `name` and what to do, or `nil`.
    static func mistake(in name: String) -> String? {
        let segments = name.split(separator: "/", omittingEmptySubsequences: false)
        if name.isEmpty { return "is empty; a server needs a name, which becomes its path" }
        if name.utf8.count > lengthLimit { return "is longer than \(lengthLimit) bytes; shorten it" }
        if name.hasPrefix("/") { return "begins with \"/\"; leave it out" }
        if name.hasSuffix("/") { return "ends with \"/\"; leave it out" }
        if segments.contains("") { return "holds an empty segment; write one \"/\" only" }
        if segments.contains("..") || segments.contains(".") {
            return "holds a segment \".\" or \"..\", which clients remove from a path; rename it"
        }
        if name.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F }) {
            return "holds white space; rename it, for instance with \"-\""
        }
        if let bad = name.first(where: { "\\{}?#%".contains($0) }) {
            return "holds \"\(bad)\", which cannot stand in a path; rename it"
        }
        if let first = segments.first, reservedTrees.contains(String(first)) {
            return "begins with \"\(first)\", under which the gateway has paths of its own; rename it"
        }
        return nil
    }

    /// What is unwise about `name`, or `nil`.
    static func remark(on name: String) -> String? {
        if reservedLeaves.contains(name) {
            return "is also a path of the gateway; it works, but another name avoids confusion"
        }
        if !name.unicodeScalars.allSatisfy({ $0.canStandInPath || $0 == "/" }) {
            return "holds a character that clients must percent-encode in a URL; a plain name avoids that"
        }
        return nil
    }
}
