extension ServerDecoder {
    /// How the server is asked whether it lives: an object, or `false` for not at all.
    func probe(in section: Section, otherwise inherited: ProbeConfiguration?) -> ProbeConfiguration? {
        guard let node = section.node("probe") else { return inherited }
        switch node.value {
        case .bool(false): return nil
        case .bool(true): return inherited
        case .null, .number, .string, .array, .object: break
        }
        guard let own = section.section("probe", keys: .probe) else { return inherited }
        var probe = inherited ?? ProbeConfiguration()
        probe.interval = own.duration("interval") ?? probe.interval
        probe.timeout = own.duration("timeout") ?? probe.timeout
        return probe
    }
}

extension ProbeConfiguration {
    /// The default one, but for the interval if TBXark's `pingInterval` gives one.
    init(interval: Duration?) {
        self.init()
        if let interval { self.interval = interval }
    }
}
