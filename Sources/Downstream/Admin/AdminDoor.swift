public import GatewayCore
internal import NIOHTTP1

/// The admin API of a front, and who may use it there.
public struct AdminDoor: Sendable {
    /// Who may use it.
    public enum Guard: Sendable {
        /// Whoever can connect: the control socket, which lets its own in only.
        case socket
        /// Who sends one of these tokens.
        case tokens(AccessRules)
        /// Nobody may give orders, for there are no tokens. The others may look, as long as no server asks for a token
        /// either: programs on this machine, and those elsewhere if that was configured.
        case readers(elsewhereToo: Bool)
    }

    let control: any GatewayControl
    let access: Guard
    /// Whether browsers get a page to look at it.
    let hasPage: Bool

    /// Opens the API of `control`.
    public init(_ control: any GatewayControl, access: Guard, hasPage: Bool = false) {
        self.control = control
        self.access = access
        self.hasPage = hasPage
    }

    /// Whether a token opens it.
    var asksForTokens: Bool {
        switch access {
        case .tokens: true
        case .socket, .readers: false
        }
    }

    /// Why a request is refused; `nil` if it is not.
    ///
    /// - Parameters:
    ///   - authorization: its `Authorization` header.
    ///   - isLocal: whether a program on this machine sent it.
    ///   - isOpen: whether nobody needs a token for any server.
    func refusal(
        of target: AdminTarget, _ authorization: RequestFields.Field, isLocal: Bool, isOpen: @autoclosure () -> Bool
    ) -> Response? {
        switch access {
        case .socket: nil
        case .tokens(let rules):
            !rules.isOpen && authorization != .repeated && rules.principal(presenting: authorization.single) != nil
                ? nil : .adminUnauthorized
        case .readers(let elsewhereToo):
            if target.method != .GET {
                .ordersNeedToken
            } else {
                (isLocal || elsewhereToo) && isOpen() ? nil : .lookingNeedsToken
            }
        }
    }
}
