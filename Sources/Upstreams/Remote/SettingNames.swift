/// What a server elsewhere is set up with, in the words of whoever did: advice is of no use in another's.
public enum SettingNames: Sendable {
    /// The keys of a server in a configuration file.
    case keys
    /// The argument and the options of `mcp-gateway connect`.
    case options

    /// What holds the header fields.
    var headers: String {
        switch self {
        case .keys: "\"headers\""
        case .options: "--header"
        }
    }

    /// What holds the address.
    var url: String {
        switch self {
        case .keys: "\"url\""
        case .options: "the URL"
        }
    }

    /// Where an `Authorization` comes from, to be put after it.
    var sourceOfCredentials: String {
        switch self {
        case .keys: "in \"headers\""
        case .options: "given with --token-env or --header"
        }
    }

    /// How credentials are given, where there are none.
    var adviceOnCredentials: String {
        switch self {
        case .keys: "put them into \"headers\""
        case .options: "give them with --token-env or --header"
        }
    }
}
