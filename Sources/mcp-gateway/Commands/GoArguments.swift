/// The command line of TBXark/mcp-proxy, put into the form that the parser takes. Go's flags may have one dash, which
/// here begins a group of one-letter flags, and its boolean ones may come without a value.
enum GoArguments {
    private static let flags = ["config", "http-headers", "http-timeout", "version", "help"]
    private static let booleans = ["insecure", "expand-env"]

    /// The same arguments with two dashes before Go's flags, and a value after each boolean one.
    static func normalized(_ arguments: some Sequence<String>) -> [String] {
        var areFlags = true
        return arguments.map { argument in
            areFlags = areFlags && argument != "--"
            guard areFlags, argument.hasPrefix("-") else { return argument }
            let text = argument.dropFirst(argument.hasPrefix("--") ? 2 : 1)
            let name = String(text.prefix { $0 != "=" })
            if booleans.contains(name) { return text == name ? "--\(name)=true" : "--\(text)" }
            return flags.contains(name) ? "--\(text)" : argument
        }
    }
}
