/// What names may look like behind an endpoint for several servers.
///
/// Clients put a prefix of their own before them and hand them to models whose interfaces allow 64 characters of
/// `A-Z a-z 0-9 _ -` (MCP "Tool Names" allows more).
public struct NameRules: Sendable, Equatable {
    /// Between the prefix of a server and the name of its tool.
    public var separator: String
    /// The longest name, in bytes.
    public var maximumLength: Int

    /// Rules; the defaults are those of the configuration file.
    public init(separator: String = "__", maximumLength: Int = 52) {
        self.separator = separator
        self.maximumLength = maximumLength
    }

    /// The name that `name` has behind `prefix`, and whether it was composed without changing anything.
    func compose(prefix: String, name: String) -> (text: String, isFaithful: Bool) {
        let whole = prefix.isEmpty ? name : prefix + separator + name
        let clean = Self.sanitised(whole)
        guard clean.utf8.count <= maximumLength, !clean.isEmpty else { return (clean, false) }
        return (clean, clean == whole)
    }

    /// `text`, which is clean, cut so that the digits of a hash fit behind it.
    func marked(_ text: String, with hash: StableHash) -> String {
        let mark = "_" + hash.shortText
        return String(text.prefix(max(0, maximumLength - mark.utf8.count))) + mark
    }

    /// With a `_` for each character that not every client takes.
    static func sanitised(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isAllowed($0) ? $0 : "_" }))
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
