/// Reads the options that `mcpProxy` and servers share.
enum OptionsDecoder {
    /// What a server, or the gateway, says itself; what it does not say comes from `inherited`.
    static func decode(_ section: Section, over inherited: InheritedOptions) -> InheritedOptions {
        InheritedOptions(
            panicIfInvalid: section.bool("panicIfInvalid") ?? inherited.panicIfInvalid,
            logEnabled: section.bool("logEnabled") ?? inherited.logEnabled,
            authTokens: tokens("authTokens", in: section) ?? inherited.authTokens,
            pingInterval: section.durationUnlessZero("pingInterval") ?? inherited.pingInterval)
    }

    /// Checks what TBXark's proxy has about coming back to a server. Supervision does that without being told.
    static func remarkOnReconnecting(_ section: Section) {
        if section.bool("autoReconnect") == false {
            section.findings.warn(
                section.keyPosition("autoReconnect"),
                "\(section.path).autoReconnect has no effect, a server that died is always started again; remove it, and "
                    + "use \"disabled\" to switch a server off")
        }
        if section.durationUnlessZero("reconnectInterval") != nil {
            section.findings.warn(
                section.keyPosition("reconnectInterval"),
                "\(section.path).reconnectInterval has no effect, delays grow from one start to the next; set a server's "
                    + "\"restart\": {\"initial\": …, \"max\": …}")
        }
    }

    /// The list of tokens. An empty list is a list: it opens the server, as in TBXark's proxy. A list of which no
    /// token is usable counts as none, so that a mistake never opens anything.
    static func tokens(_ key: String, in section: Section) -> [String]? {
        guard let written = section.strings(key) else { return nil }
        let path = "\(section.path).\(key)"
        let usable = written.filter { token in
            guard let mistake = mistake(inToken: token.text) else { return true }
            section.findings.error(token.position, "a token in \(path) \(mistake)")
            return false
        }
        for token in usable where token.text.lowercased().hasPrefix("bearer ") {
            section.findings.warn(
                token.position, "a token in \(path) begins with \"Bearer\", which clients add; leave it out")
        }
        guard case .array(let elements) = section.node(key)?.value, elements.isEmpty || !usable.isEmpty
        else { return nil }
        return usable.map(\.text)
    }

    private static func mistake(inToken token: String) -> String? {
        if token.isEmpty { return "is empty; write a secret, or remove it" }
        let scalars = token.unicodeScalars
        if scalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return "holds a line break or another control character, which no client can send; remove it"
        }
        if scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true {
            return "begins or ends with white space, which no client can send; remove it"
        }
        return nil
    }
}
