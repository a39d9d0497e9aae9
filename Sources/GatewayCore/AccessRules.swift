internal import Supervision

/// Which tokens open a route.
///
/// As in TBXark/mcp-proxy the `Authorization` header may hold `Bearer TOKEN`, with the scheme in any case, or the
/// bare token. The comparison takes the same time wherever the first difference is.
public struct AccessRules: Sendable, Equatable {
    private let tokens: [[UInt8]]
    /// Whether no token is asked for.
    public let isOpen: Bool

    /// Whether it makes a difference who asks.
    var asksForTokens: Bool { !tokens.isEmpty }

    /// Rules that let in the holders of `tokens`; with none, everybody.
    public init(tokens: [String]) {
        self.tokens = tokens.map { Array($0.utf8) }
        isOpen = tokens.isEmpty
    }

    /// Rules that let in whoever any of these lets in. Each token is known, but asked for only if all of them ask.
    init(ofAny rules: [AccessRules]) {
        var seen: Set<[UInt8]> = []
        tokens = rules.flatMap(\.tokens).filter { seen.insert($0).inserted }
        isOpen = rules.contains(where: \.isOpen)
    }

    /// Who presents this `Authorization` header value, or `nil` if it opens nothing.
    public func principal(presenting authorization: String?) -> Principal? {
        let stranger: Principal? = isOpen ? .anonymous : nil
        guard let authorization, !tokens.isEmpty else { return stranger }
        let presented = Self.token(in: authorization)
        var found: Principal?
        for (index, token) in tokens.enumerated() where Self.areEqual(token, presented) {
            found = found ?? .token(index: index)
        }
        return found ?? stranger
    }

    /// Who the holder of a session is under other rules, or `nil` if they do not let him in: tokens move in the list,
    /// go and come.
    func translated(_ principal: Principal, to other: AccessRules) -> Principal? {
        switch principal {
        case .anonymous, .local: other.isOpen ? principal : nil
        case .token(let index):
            other.tokens.firstIndex { Self.areEqual($0, tokens[index]) }.map { .token(index: $0) }
        }
    }

    /// What servers are told of a principal. The same token is the same on every route.
    func key(of principal: Principal) -> PrincipalKey {
        switch principal {
        case .anonymous: PrincipalKey(Array("anonymous".utf8))
        case .local: PrincipalKey(Array("local".utf8))
        case .token(let index):
            PrincipalKey(Array("token ".utf8) + (tokens.indices.contains(index) ? tokens[index] : []))
        }
    }

    /// Who the holder of a key from another route (`key(of:)`) is here, or `nil` if he is not let in.
    func principal(of key: PrincipalKey) -> Principal? {
        for index in tokens.indices where self.key(of: .token(index: index)) == key { return .token(index: index) }
        guard isOpen else { return nil }
        return key == self.key(of: .local) ? .local : .anonymous
    }

    private static func token(in authorization: String) -> [UInt8] {
        let scheme = Array("bearer".utf8)
        let value = authorization.utf8.drop { $0 == UInt8(ascii: " ") }
        let head = value.prefix(scheme.count).map { $0 | 0x20 }
        let rest = value.dropFirst(scheme.count)
        guard head == scheme, rest.first == UInt8(ascii: " ") else { return trimmed(value) }
        return trimmed(rest)
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> [UInt8] {
        let space = UInt8(ascii: " ")
        var token = Array(bytes.drop { $0 == space })
        while token.last == space { token.removeLast() }
        return token
    }

    /// Looks at every byte of `presented`, whatever it finds; only the length of the secret can show in the time.
    private static func areEqual(_ secret: [UInt8], _ presented: [UInt8]) -> Bool {
        guard !presented.isEmpty else { return false }
        var difference = secret.count ^ presented.count
        for index in presented.indices {
            difference |= Int(presented[index] ^ secret[index % secret.count])
        }
        return difference == 0
    }
}
