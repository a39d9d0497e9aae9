/// The last `Host` seen on a connection and what the rule said of it. A client that keeps its connection sends the same
/// one each time.
struct HostMemory {
    private var text: String?
    /// The host that was asked for; nil if there was none or it is malformed.
    private(set) var authority: Authority?
    /// What the rule says of it; nil if there is none.
    private(set) var verdict: HostRule.Verdict?

    /// The host, if its name is one of the machine's own or a configured one.
    var knownHost: Authority? { verdict == .known ? authority : nil }

    mutating func look(at host: String?, _ rule: HostRule, localAddress: String?) {
        guard host != text else { return }
        text = host
        authority = host.flatMap { Authority($0) }
        verdict = authority.map { rule.verdict(on: $0, localAddress: localAddress) }
    }
}
