extension ServerDecoder {
    /// Who shares an instance of the server.
    func sharing(in section: Section) -> IsolationConfiguration {
        var isolation = IsolationConfiguration()
        isolation.mode = section.word("isolation", as: IsolationConfiguration.Mode.self) ?? isolation.mode
        isolation.isInteractive = section.bool("interactive") ?? isolation.isInteractive
        if let instances = section.section("instances", keys: .instances) {
            isolation.max = instances.integer("max", in: 1...10_000) ?? isolation.max
            isolation.idle = instances.duration("idle") ?? isolation.idle
        }
        if isolation.isInteractive, isolation.mode != .shared {
            section.findings.warn(
                section.keyPosition("interactive"),
                "\(section.path).interactive has no effect beside \"isolation\": \"\(isolation.mode.rawValue)\"; "
                    + "remove it")
        }
        if isolation.isInteractive, section.node("era")?.value == .string(ServerConfiguration.Era.modern.rawValue) {
            section.findings.warn(
                section.keyPosition("interactive"),
                "\(section.path).interactive has no effect beside \"era\": \"modern\": such a server tells in the course "
                    + "of which call it asks, and serves everybody; remove it")
        }
        return isolation
    }
}
