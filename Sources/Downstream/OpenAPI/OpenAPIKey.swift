internal import GatewayCore
internal import MCP

/// The key that a client of the OpenAPI side shows, read as mcpo reads it: `Bearer KEY`, or for people in a browser
/// `Basic`, whose password it is.
///
/// That a browser sends such a password by itself lets in no foreign page: its origin is refused before.
enum OpenAPIKey: Equatable {
    case none
    /// An `Authorization` value with a token.
    case shown(String)

    init(_ field: RequestFields.Field) {
        guard let value = field.single else {
            self = .none
            return
        }
        let parts = value.split(separator: " ", maxSplits: 1)
        switch (parts.first?.lowercased(), parts.count) {
        case ("basic", 2):
            let decoded = Base64.bytes(of: parts[1]).flatMap { String(validating: $0, as: UTF8.self) }
            let password = decoded?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).last
            self = decoded?.contains(":") == true ? password.map { .shown("Bearer \($0)") } ?? .none : .none
        case ("bearer", 1), ("basic", _), (nil, _): self = .none
        default: self = .shown(value)
        }
    }

    /// What the rules of a route are shown.
    var authorization: String? {
        if case .shown(let value) = self { value } else { nil }
    }

    /// Why a key does not open a route.
    var refusal: Response { self == .none ? .missingKey : .wrongKey }
}
