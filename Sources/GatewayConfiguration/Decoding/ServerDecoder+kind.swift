extension ServerDecoder {
    /// The values of `transportType`.
    enum Transport: String, CaseIterable {
        case stdio
        case sse
        case streamableHTTP = "streamable-http"
    }

    /// The values of `builtin`.
    private enum BuiltinServer: String, CaseIterable {
        case gateway
    }

    /// How the server is reached, or `nil` after reporting why that cannot be told. `position` is that of its name.
    func kind(of section: Section, at position: Position) -> ServerConfiguration.Kind? {
        let transport = section.word("transportType", as: Transport.self)
        let command = section.string("command")
        let url = section.string("url")
        // Read before anything is decided, so that the mistakes in them come out in any case.
        let process = ProcessConfiguration(
            command: command ?? "", arguments: section.strings("args")?.map(\.text) ?? [],
            environment: environment(in: section), workingDirectory: workingDirectory(in: section))
        let headers = headers(in: section)
        // Go cannot tell an empty text from none. A text that could not be read was meant to be something.
        let hasCommand = section.has("command") && command != ""
        let hasURL = section.has("url") && url != ""
        if section.has("builtin") { return builtin(in: section, beside: hasCommand ? "command" : hasURL ? "url" : nil) }
        switch (hasCommand, hasURL) {
        case (true, true):
            section.findings.error(
                section.keyPosition("url"),
                "\(section.path) has both \"command\" (\(section.keyPosition("command").inWords)) and \"url\"; keep "
                    + "\"command\" for a local process, or \"url\" for a server elsewhere")
            return nil
        case (true, false):
            remarkOnProcess(process, in: section, transport: transport)
            return command.map { _ in .process(process) }
        case (false, true):
            return url.flatMap { remote(url: $0, headers: headers, section: section, transport: transport) }
        case (false, false):
            reportNeither(section, at: position)
            return nil
        }
    }

    private func builtin(in section: Section, beside other: String?) -> ServerConfiguration.Kind? {
        let builtin = section.word("builtin", as: BuiltinServer.self)
        guard let other else {
            remarkOnUseless(
                ["args", "env", "envFile", "cwd", "headers", "forwardHeaders", "tls", "probe", "transportType", "era"],
                beside: "builtin", in: section)
            return builtin.map { .builtin($0.rawValue) }
        }
        section.findings.error(
            section.keyPosition("builtin"),
            "\(section.path) has both \"\(other)\" (\(section.keyPosition(other).inWords)) and \"builtin\"; keep one")
        return nil
    }

    private func reportNeither(_ section: Section, at position: Position) {
        if section.has("command") {
            section.findings.error(
                section.keyPosition("command"), "\(section.path).command is empty; write the program to start")
        } else if section.has("url") {
            section.findings.error(
                section.keyPosition("url"), "\(section.path).url is empty; write the server's address")
        } else {
            section.findings.error(
                position,
                "\(section.path) has neither \"command\" nor \"url\"; write \"command\" with the program to start")
        }
    }

    private func remarkOnProcess(_ process: ProcessConfiguration, in section: Section, transport: Transport?) {
        remarkOnUseless(["headers", "forwardHeaders", "tls"], beside: "command", in: section)
        if let transport, transport != .stdio {
            section.findings.warn(
                section.keyPosition("transportType"),
                "\(section.path).transportType has no effect beside \"command\", which means \"stdio\"; remove it")
        }
        let firstWord = process.command.prefix { $0 != " " }
        if !section.has("args"), firstWord != process.command, !firstWord.contains("/") {
            section.findings.warn(
                section.keyPosition("command"),
                "\(section.path).command holds a space and no shell reads it; put the arguments into \"args\"")
        }
    }

    func remarkOnUseless(_ keys: [String], beside key: String, in section: Section) {
        for useless in keys {
            switch section.node(useless)?.value {
            // Programs that write such files often write every key.
            case nil, .array([]), .object([]), .string(""): continue
            case .null, .bool, .number, .string, .array, .object:
                section.findings.warn(
                    section.keyPosition(useless),
                    "\(section.path).\(useless) has no effect beside \"\(key)\"; remove it")
            }
        }
    }
}
