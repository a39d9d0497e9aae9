internal import GatewayConfiguration

/// In which environment variable of a client's machine the token for each server is: one for all of them, if one token
/// can open them all or they inherit it, and else one of its own for each.
struct TokenVariables {
    private let shared: String
    private let inherited: [String]
    private let isSharedByAll: Bool
    private let isAnyProtected: Bool

    /// - Parameter shared: the name of the one for all.
    init(_ configuration: Configuration, shared: String) {
        self.shared = shared
        inherited = configuration.front.options.authTokens
        let lists = configuration.servers.map(\.options.authTokens).filter { !$0.isEmpty }
        isAnyProtected = !lists.isEmpty
        isSharedByAll = lists.first?.contains { token in lists.allSatisfy { $0.contains(token) } } ?? true
    }

    /// The variable for one server; `nil` if it asks for no token.
    func variable(for server: ServerConfiguration) -> String? {
        let tokens = server.options.authTokens
        guard !tokens.isEmpty else { return nil }
        guard !isSharedByAll, tokens != inherited else { return shared }
        let name = server.name.uppercased().unicodeScalars.map { scalar in
            ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
        }
        return "\(shared)_\(String(name))"
    }

    /// The variable for several servers together, each of which appears to those whose token it takes.
    var together: String? { isAnyProtected ? shared : nil }
}
