extension Configuration {
    /// What became of another program's file.
    public struct Imported: Sendable, Equatable {
        /// A configuration file for the gateway. It holds whatever secrets the other file holds.
        public var text: String
        /// What was left out, changed, or is to be done, in the order of the file. Never holds a value.
        public var diagnostics: [Diagnostic]
        /// Whether every server is in it.
        public var isComplete: Bool
    }

    /// Makes a configuration of another program's file, which means here what the file means there. Comments are lost.
    ///
    /// - Parameters:
    ///   - bytes: The file, JSON with comments.
    ///   - fileName: What diagnostics call it.
    ///   - format: Whose it is.
    ///   - holdSecret: Whether words of a command line, or of the form `NAME=value`, look as if a secret stood in them.
    /// - Throws: `ConfigurationFailure` if the syntax is broken, or no server is named where the format has them.
    public static func imported(
        bytes: [UInt8], fileName: String, from format: ImportFormat, holdSecret: @escaping ([String]) -> Bool
    ) throws(ConfigurationFailure) -> Imported {
        var file = FileImport(format: format, fileName: fileName, holdSecret: holdSecret)
        let node = try file.configuration(of: try parse(bytes, fileName: fileName))
        return Imported(text: node.json, diagnostics: file.diagnostics, isComplete: file.isComplete)
    }
}

/// Reads a whole file of another program.
private struct FileImport {
    let format: ImportFormat
    let fileName: String
    let holdSecret: ([String]) -> Bool
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var isComplete = true

    init(format: ImportFormat, fileName: String, holdSecret: @escaping ([String]) -> Bool) {
        self.format = format
        self.fileName = fileName
        self.holdSecret = holdSecret
    }

    mutating func configuration(of root: JSONNode) throws(ConfigurationFailure) -> JSONNode {
        guard case .object(let members) = root.value else {
            throw failure(root.position, "the file must be an object, not \(root.kindName)")
        }
        // Its file is the gateway's own format, or the one before.
        if format == .mcpProxy, members.contains(where: { ["mcpProxy", "server", "clients"].contains($0.key) }) {
            return FirstGeneration.migrate(root) ?? root
        }
        let (servers, inputs) = try place(of: members, in: root)
        guard case .object(var entries) = servers.node.value else {
            throw failure(servers.node.position, "\(servers.key) must be an object, not \(servers.node.kindName)")
        }
        entries += ofProjects(in: members)
        var text = ForeignText(format.variables)
        var taken: [JSONMember] = []
        for entry in entries { take(entry, &text, into: &taken) }
        remark(on: text, inputs: inputs, at: servers.keyPosition)
        let address = JSONMember(
            key: "addr", of: JSONNode(position: .start, value: .string(ListenAddress.standard.description)))
        return JSONNode(
            position: .start,
            value: .object([
                JSONMember(key: "mcpProxy", of: JSONNode(position: .start, value: .object([address]))),
                JSONMember(key: "mcpServers", of: JSONNode(position: .start, value: .object(taken))),
            ]))
    }

    /// Where the servers are, and what the program asks its user for.
    private mutating func place(
        of members: [JSONMember], in root: JSONNode
    ) throws(ConfigurationFailure) -> (servers: JSONMember, inputs: JSONNode?) {
        var members = members
        var key = "mcpServers"
        if format == .vscode {
            key = "servers"
            if let settings = members.last(where: { $0.key == "mcp" }), case .object(let inner) = settings.node.value {
                members = inner
            }
        }
        let fallback = ofProjects(in: members).isEmpty ? nil : JSONMember.noServers(at: root.position)
        guard let servers = members.last(where: { $0.key == key }) ?? fallback else {
            let other = members.first { ["mcpServers", "servers", "context_servers", "mcp_servers"].contains($0.key) }
            let advice = other.map { "; it has \($0.key.quoted): is it a file of another program?" } ?? ""
            throw failure(root.position, "the file has no \(key.quoted)\(advice)")
        }
        let known = [key, "inputs", "$schema"] + (ofProjects(in: members).isEmpty ? [] : ["projects"])
        let rest = members.filter { !known.contains($0.key) }
        if let first = rest.first {
            let names = rest.map(\.key.quoted).prefix(10).joined(separator: ", ") + (rest.count > 10 ? ", …" : "")
            warn(first.keyPosition, "what is not about servers is left out: \(names)")
        }
        return (servers, members.last { $0.key == "inputs" }?.node)
    }

    /// Claude Code keeps the servers of one directory, which are most of them, below its path.
    private func ofProjects(in members: [JSONMember]) -> [JSONMember] {
        guard format == .claude, let projects = members.last(where: { $0.key == "projects" }),
            case .object(let directories) = projects.node.value
        else { return [] }
        return directories.flatMap { directory -> [JSONMember] in
            guard case .object(let settings) = directory.node.value,
                let servers = settings.last(where: { $0.key == "mcpServers" }),
                case .object(let entries) = servers.node.value
            else { return [] }
            return entries
        }
    }

    private mutating func take(_ entry: JSONMember, _ text: inout ForeignText, into taken: inout [JSONMember]) {
        var server = ServerImport(format: format, path: entry.key.quoted, text: text)
        let node = server.entry(of: entry.node)
        text = server.text
        for (position, message) in server.remarks {
            diagnostics.append(Diagnostic(.warning, file: fileName, position: position, message: message))
        }
        guard let node else {
            isComplete = false
            if var last = diagnostics.popLast() {
                last.severity = .error
                diagnostics.append(last)
            }
            return
        }
        for (position, place, arguments) in server.texts where holdSecret(arguments) {
            warn(
                position,
                "\(place) looks like a secret in plain text, and is copied as it is; better is \"${NAME}\" with the "
                    + "variable in the gateway's environment, \"${file:…}\" or \"${credential:…}\"")
        }
        let name = freeName(entry.key, taken)
        if name != entry.key {
            let reason = ServerName.mistake(in: entry.key) == nil ? "is there twice" : "cannot be a path"
            warn(entry.keyPosition, "\(entry.key.quoted) \(reason), and is called \(name.quoted) here")
        }
        taken.append(JSONMember(key: name, of: node))
    }

    /// The name that is left of one that cannot be a route, or is there already.
    private func freeName(_ name: String, _ taken: [JSONMember]) -> String {
        var plain = name
        if ServerName.mistake(in: plain) != nil {
            let words = plain.unicodeScalars.map { $0.canStandInPath ? Character($0) : "-" }
            plain = String(words).split(separator: "-").joined(separator: "-")
            if ServerName.mistake(in: plain) != nil { plain += plain.isEmpty ? "server" : "-server" }
        }
        var free = plain
        var number = 2
        while taken.contains(where: { $0.key == free }) {
            free = "\(plain)-\(number)"
            number += 1
        }
        return free
    }

    private mutating func remark(on text: ForeignText, inputs: JSONNode?, at position: Position) {
        for (name, reference) in text.wanted {
            warn(
                inputs?.position ?? position,
                "\("${\(reference)}".quoted) became \"${\(name)}\": set \(name) in the gateway's environment")
        }
        if text.hasUnknown {
            warn(position, "some \"${…}\" mean nothing to the gateway, and are kept as plain text (\"$${…}\")")
        }
    }

    private mutating func warn(_ position: Position, _ message: String) {
        diagnostics.append(Diagnostic(.warning, file: fileName, position: position, message: message))
    }

    private func failure(_ position: Position, _ message: String) -> ConfigurationFailure {
        ConfigurationFailure(
            diagnostics: [Diagnostic(.error, file: fileName, position: position, message: message)])
    }
}

extension JSONMember {
    /// An `mcpServers` with nothing in it.
    fileprivate static func noServers(at position: Position) -> JSONMember {
        JSONMember(key: "mcpServers", keyPosition: position, node: JSONNode(position: position, value: .object([])))
    }
}
