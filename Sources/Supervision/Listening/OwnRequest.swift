/// What the gateway asks a server on its own account, on behalf of all callers.
enum OwnRequest {
    case setLevel
    case subscribe
    case unsubscribe
}
