internal import MCP

extension ServerDecoder {
    /// A server elsewhere, or `nil` after reporting what is wrong with its address.
    func remote(
        url: String, headers: [String: String], section: Section, transport: Transport?
    ) -> ServerConfiguration.Kind? {
        remarkOnUseless(["args", "env", "envFile", "cwd"], beside: "url", in: section)
        if transport == .stdio {
            section.findings.error(
                section.keyPosition("transportType"),
                "\(section.path).transportType is \"stdio\", but there is no \"command\"; write one, or \"sse\" or "
                    + "\"streamable-http\"")
        }
        if transport == .sse, section.node("era")?.value == .string(ServerConfiguration.Era.modern.rawValue) {
            section.findings.error(
                section.keyPosition("era"),
                "\(section.path).era is \"modern\", and there is no such server over \"sse\"; write "
                    + "\"streamable-http\" as \"transportType\", or remove \"era\"")
        }
        let tls = tls(in: section, url: url)
        let forwarded = forwardedHeaders(in: section)
        let lower = url.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://"), !url.contains(where: \.isWhitespace) else {
            section.findings.error(
                section.keyPosition("url"),
                "\(section.path).url must be an absolute address that begins with \"http://\" or \"https://\"")
            return nil
        }
        if let mistake = URLText.mistake(in: url) {
            section.findings.error(section.keyPosition("url"), "\(section.path).url \(mistake)")
            return nil
        }
        return .remote(
            RemoteConfiguration(
                url: url, headers: headers, transport: transport?.overHTTP, forwardedHeaders: forwarded, tls: tls))
    }

    /// The headers to send with every request.
    func headers(in section: Section) -> [String: String] {
        var headers: [String: String] = [:]
        var firsts: [String: Position] = [:]
        for entry in section.table("headers") {
            let path = "\(section.path).headers".member(entry.key)
            if let mistake = HeaderField.mistake(inName: entry.key) ?? HeaderField.mistake(inValue: entry.text) {
                section.findings.error(entry.keyPosition, "\(path) \(mistake)")
                continue
            }
            if HeaderField.belongsToTransport(entry.key) {
                section.findings.error(entry.keyPosition, "\(path) is set by the gateway itself; remove it")
                continue
            }
            if let first = firsts.updateValue(entry.keyPosition, forKey: entry.key.lowercased()) {
                section.findings.error(
                    entry.keyPosition, "\(path) is the same header as that in \(first.inWords); remove one of them")
                continue
            }
            headers[entry.key] = entry.text
        }
        return headers
    }

    /// The names of the headers that go along with a client's calls, in lower case.
    private func forwardedHeaders(in section: Section) -> [String] {
        var names: [String] = []
        for (name, position) in section.strings("forwardHeaders") ?? [] {
            let path = "\(name.quoted) in \(section.path).forwardHeaders"
            if name.contains("*") {
                section.findings.error(position, "\(path) stands for no other names; list each header by its own")
            } else if let mistake = HeaderField.mistake(inName: name) {
                section.findings.error(position, "\(path) \(mistake)")
            } else if !ForwardableHeader.isAllowed(name) {
                section.findings.error(
                    position,
                    "\(path) is never forwarded, for it is meant for the gateway; remove it, and put what the server "
                        + "needs into \"headers\"")
            } else if !names.contains(name.lowercased()) {
                names.append(name.lowercased())
            }
        }
        return names
    }

    private func tls(in section: Section, url: String) -> TLSConfiguration {
        guard let own = section.section("tls", keys: .tls) else { return TLSConfiguration() }
        let isUsed = !url.lowercased().hasPrefix("http://")
        if !isUsed {
            section.findings.warn(
                section.keyPosition("tls"),
                "\(own.path) has no effect, the url begins with \"http://\"; write \"https://\" there, or remove it")
        }
        let tls = TLSConfiguration(
            caFile: file("caFile", in: own, opens: isUsed),
            certificateFile: file("certificateFile", in: own, opens: isUsed),
            keyFile: file("keyFile", in: own, opens: isUsed), isInsecure: own.bool("insecure") ?? false)
        if tls.keyFile != nil, !own.has("certificateFile") {
            own.findings.error(
                own.keyPosition("keyFile"),
                "\(own.path).keyFile has no \"certificateFile\" beside it; add the certificate that the key belongs to")
        }
        if tls.isInsecure {
            own.findings.warn(
                own.keyPosition("insecure"),
                "\(own.path).insecure lets anybody in between pose as the server; name its certificate in \"caFile\" "
                    + "instead")
        }
        return tls
    }

    /// A path, beginning in the directory of the configuration if it is relative.
    ///
    /// - Parameter opens: whether the file must be there.
    private func file(_ key: String, in section: Section, opens: Bool) -> String? {
        guard let path = section.string(key), let node = section.node(key) else { return nil }
        if path.isEmpty {
            section.findings.error(node.position, "\(section.path).\(key) names no file; write its path, or remove it")
            return nil
        }
        if path.hasPrefix("~") {
            section.findings.error(
                node.position, "\(section.path).\(key) begins with \"~\", which no shell reads; write \"${HOME}\"")
            return nil
        }
        let location = variables.files.location(of: path)
        guard opens else { return location }
        do throws(TextMistake) {
            try variables.files.open(location, written: path)
            return location
        } catch {
            section.findings.error(node.position, "\(section.path).\(key) \(error.message)")
            return nil
        }
    }
}

extension ServerDecoder.Transport {
    fileprivate var overHTTP: FrontConfiguration.TransportType? {
        switch self {
        case .stdio: nil
        case .sse: .sse
        case .streamableHTTP: .streamableHTTP
        }
    }
}
