/// Session ids as clients send them back (MCP "Session Management": visible ASCII).
enum SessionField {
    static func isWellFormed(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
