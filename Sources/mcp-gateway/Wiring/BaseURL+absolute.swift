internal import GatewayConfiguration

extension BaseURL {
    /// The URL, if the file says more than a path.
    var absolute: String? {
        authority.map { "\(scheme ?? "http")://\($0)\(pathPrefix)" }
    }
}
