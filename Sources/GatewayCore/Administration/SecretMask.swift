/// Takes secrets out of what is shown of a command line or an address. It errs on the side of hiding.
public enum SecretMask {
    /// What stands in the place of a secret.
    public static let mask = "***"

    /// Arguments of a command, with the values masked that look like secrets: after a flag that is called after one, and
    /// behind `=` in `--api-key=…` and `TOKEN=…`.
    public static func arguments(_ arguments: [String]) -> [String] {
        var isValue = false
        return arguments.map { argument in
            defer { isValue = argument.hasPrefix("-") && !argument.contains("=") && namesSecret(argument) }
            if isValue, !argument.hasPrefix("-") { return mask }
            if let equals = argument.firstIndex(of: "="), !argument[..<equals].contains("://"),
                namesSecret(argument[..<equals])
            {
                return argument[...equals] + mask
            }
            return url(argument)
        }
    }

    /// An address, without user information and with the values of its query masked.
    public static func url(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        var shown = String(url[..<scheme.upperBound])
        if let at = authority.lastIndex(of: "@") {
            shown += mask + authority[at...]
        } else {
            shown += authority
        }
        let path = rest[authority.endIndex...]
        guard let mark = path.firstIndex(where: { $0 == "?" || $0 == "#" }) else { return shown + path }
        return shown + path[...mark] + mask
    }

    private static let words = ["token", "secret", "password", "passwd", "key", "credential", "auth", "bearer"]

    private static func namesSecret(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        return words.contains(where: name.contains)
    }
}
