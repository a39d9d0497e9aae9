/// Takes secrets out of what is shown of a command line or an address. It errs on the side of hiding.
public enum SecretMask {
    /// What stands in the place of a secret.
    public static let mask = "***"

    /// Arguments of a command, with the values masked that look like secrets: after a flag that is called after one, and
    /// behind `=` in `--api-key=…` and `TOKEN=…`; and whatever has the form of a token.
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
            return isSecret(argument) ? mask : url(argument)
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

    /// How tokens of well-known issuers begin: OpenAI and Stripe, GitHub, GitLab, Slack, AWS, Google, npm, PyPI, Hugging
    /// Face, and JSON Web Tokens.
    private static let beginnings = [
        "sk-", "sk_", "pk_", "rk_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "xapp-",
        "AKIA", "ASIA", "AIza", "ya29.", "npm_", "pypi-", "hf_", "eyJ",
    ]

    /// Whether an argument has a part that only a token looks like: the beginning of a known kind and some length, or 24
    /// and more letters and digits mixed, as no word, path or version has them. Parts, because it may stand in a header
    /// (`Authorization: Bearer …`) or behind a name (`--x=…`).
    private static func isSecret(_ argument: String) -> Bool {
        if argument.lowercased().contains("bearer ") { return true }
        return argument.split(whereSeparator: { " =:,;\"'/@?&".contains($0) }).contains { part in
            if part.utf8.count >= 12, beginnings.contains(where: part.hasPrefix) { return true }
            return part.split(whereSeparator: { "-.".contains($0) }).contains(where: isRandom)
        }
    }

    private static func isRandom(_ text: some StringProtocol) -> Bool {
        guard text.utf8.count >= 24 else { return false }
        let digits = text.utf8.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits >= 4 && digits < text.utf8.count
    }

    private static func namesSecret(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        return words.contains(where: name.contains)
    }
}
