public import GatewayCore

/// The admin API of a front, and who may use it there.
public struct AdminDoor: Sendable {
    /// Who may use it.
    public enum Guard: Sendable {
        /// Whoever can connect: the control socket, which lets its own in only.
        case socket
        /// Who sends one of these tokens.
        case tokens(AccessRules)
    }

    let control: any GatewayControl
    let access: Guard

    /// Opens the API of `control`.
    public init(_ control: any GatewayControl, access: Guard) {
        self.control = control
        self.access = access
    }

    /// Whether the sender of this `Authorization` header may use it.
    func admits(_ authorization: RequestFields.Field) -> Bool {
        switch access {
        case .socket: true
        case .tokens(let rules):
            !rules.isOpen && authorization != .repeated && rules.principal(presenting: authorization.single) != nil
        }
    }
}
