internal import MCP

/// One server of another program's file as an entry of `mcpServers`.
struct ServerImport {
    let format: ImportFormat
    /// What messages call it.
    let path: String
    private(set) var text: ForeignText
    /// What is to be said: where, and what.
    private(set) var remarks: [(position: Position, message: String)] = []
    /// The arguments, variables and headers in which secrets may stand, as `NAME=value` or plain.
    private(set) var texts: [(position: Position, place: String, arguments: [String])] = []

    private var values: [String: JSONNode] = [:]
    private var options: [JSONMember] = []
    /// A transport that the gateway does not speak, if it is one of those.
    private var foreignTransport: (position: Position, message: String)?

    /// The keys of the entry, in their order.
    private static let order = [
        "command", "args", "env", "envFile", "cwd", "url", "transportType", "headers", "forwardHeaders", "callTimeout",
    ]

    init(format: ImportFormat, path: String, text: ForeignText) {
        self.format = format
        self.path = path
        self.text = text
    }

    /// The entry, or `nil` if nothing of it can be run; then the last remark says why.
    mutating func entry(of server: JSONNode) -> JSONNode? {
        guard case .object(let members) = server.value else {
            remark(server.position, "\(path) must be an object; left out")
            return nil
        }
        for member in members where member.node.value != .null { take(member) }
        if let foreignTransport {
            remark(foreignTransport.position, foreignTransport.message)
            return nil
        }
        guard values["command"] != nil || values["url"] != nil else {
            remark(server.position, "\(path) has neither a command nor a URL that the gateway can use; left out")
            return nil
        }
        var entry = Self.order.compactMap { key in values[key].map { JSONMember(key: key, of: $0) } }
        if !options.isEmpty {
            entry.append(JSONMember(key: "options", of: JSONNode(position: .start, value: .object(options))))
        }
        return JSONNode(position: server.position, value: .object(entry))
    }

    private mutating func take(_ member: JSONMember) {
        switch member.key {
        case "command": takeCommand(member)
        case "args":
            values["args"] = list(member).map { strings in
                Self.list((values["args"].map(Self.elements) ?? []) + strings)
            }
        case "env", "headers": takeTable(member)
        case "cwd", "working_dir": values["cwd"] = string(member).map { Self.string(text.translated($0)) }
        case "envFile": values["envFile"] = string(member).map { Self.string(text.translated($0)) }
        case "url", "serverUrl", "httpUrl": takeURL(member)
        case "type", "transport", "transportType": takeTransport(member)
        case "disabled": takeSwitch(member, isOff: true)
        case "enabled": takeSwitch(member, isOff: false)
        case "disabledTools", "disabled_tools", "excludeTools": takeFilter(member, mode: "block")
        case "includeTools", "enabled_tools": takeFilter(member, mode: "allow")
        case "timeout": takeTimeout(member)
        case "client_header_forwarding": takeForwarding(member)
        case "oauth", "auth", "authProvider":
            remark(
                member.keyPosition,
                "\(path.member(member.key)) is left out: the gateway does not log in to servers; put a token into \"headers\""
            )
        default:
            remark(member.keyPosition, "\(path.member(member.key)) has no counterpart in the gateway and is left out")
        }
    }

    // MARK: Keys

    private mutating func takeCommand(_ member: JSONMember) {
        if case .array = member.node.value {
            guard let words = list(member), let first = words.first else { return }
            values["command"] = first
            values["args"] = Self.list(Array(words.dropFirst()) + (values["args"].map(Self.elements) ?? []))
        } else if let command = string(member) {
            values["command"] = Self.string(text.translated(command))
        }
    }

    private mutating func takeTable(_ member: JSONMember) {
        guard case .object(let entries) = member.node.value else {
            return remark(member.keyPosition, "\(path.member(member.key)) must be an object; left out")
        }
        var taken: [JSONMember] = []
        for entry in entries {
            switch entry.node.value {
            case .string(let value):
                texts.append(
                    (entry.keyPosition, path.member(member.key).member(entry.key), ["\(entry.key)=\(value)"]))
                taken.append(JSONMember(key: entry.key, of: Self.string(text.translated(value))))
            case .number(let spelling):
                taken.append(JSONMember(key: entry.key, of: Self.string(spelling)))
            case .bool(let flag):
                taken.append(JSONMember(key: entry.key, of: Self.string(flag ? "true" : "false")))
            case .null, .array, .object:
                remark(entry.keyPosition, "\(path.member(member.key).member(entry.key)) must be a string; left out")
            }
        }
        if !taken.isEmpty { values[member.key] = JSONNode(position: .start, value: .object(taken)) }
    }

    private mutating func takeURL(_ member: JSONMember) {
        guard let url = string(member) else { return }
        texts.append((member.keyPosition, path.member(member.key), [url]))
        values["url"] = Self.string(text.translated(url))
        // Gemini's word for what is not HTTP+SSE.
        if member.key == "httpUrl" { values["transportType"] = Self.string("streamable-http") }
    }

    private mutating func takeTransport(_ member: JSONMember) {
        guard let word = string(member) else { return }
        switch word.lowercased().filter({ $0 != "-" && $0 != "_" }) {
        case "stdio": return
        case "sse": values["transportType"] = Self.string("sse")
        // Those who say so mean whichever the server speaks, the older one too.
        case "http": return
        case "streamablehttp": values["transportType"] = Self.string("streamable-http")
        default:
            foreignTransport = (
                member.keyPosition,
                "\(path.member(member.key)) is \(word.quoted), which the gateway does not speak; left out"
            )
        }
    }

    /// Whether it is switched off, by a key that says so if it has this value. What is meant as a switch is one: a server
    /// that its owner has switched off must not start here.
    private mutating func takeSwitch(_ member: JSONMember, isOff: Bool) {
        let value: Bool
        switch member.node.value {
        case .bool(let flag): value = flag
        case .string(let word) where ["true", "1"].contains(word.lowercased()): value = true
        case .string(let word) where ["false", "0"].contains(word.lowercased()): value = false
        case .number("1"): value = true
        case .number("0"): value = false
        case .null, .number, .string, .array, .object:
            return remark(
                member.node.position,
                "\(path.member(member.key)) must be true or false, not \(member.node.kindName); left out")
        }
        guard value == isOff, !options.contains(where: { $0.key == "disabled" }) else { return }
        options.append(JSONMember(key: "disabled", of: JSONNode(position: .start, value: .bool(true))))
    }

    private mutating func takeFilter(_ member: JSONMember, mode: String) {
        guard let names = list(member, isPlain: true), !names.isEmpty else { return }
        guard !options.contains(where: { $0.key == "toolFilter" }) else {
            return remark(
                member.keyPosition,
                "\(path.member(member.key)) is left out: the gateway filters by one list, and there are two")
        }
        let filter = [JSONMember(key: "mode", of: Self.string(mode)), JSONMember(key: "list", of: Self.list(names))]
        options.append(JSONMember(key: "toolFilter", of: JSONNode(position: .start, value: .object(filter))))
    }

    private mutating func takeTimeout(_ member: JSONMember) {
        guard format == .claude, case .number(let spelling) = member.node.value, Int(spelling).map({ $0 > 0 }) == true
        else {
            return remark(
                member.keyPosition, "\(path).timeout is left out; write \"callTimeout\", for instance \"60s\"")
        }
        values["callTimeout"] = Self.string("\(spelling)ms")
    }

    private mutating func takeForwarding(_ member: JSONMember) {
        guard case .object(let rules) = member.node.value else { return }
        func rule(_ key: String) -> JSONNode.Value? { rules.last { $0.key == key }?.node.value }
        guard rule("enabled") == .bool(true) else { return }
        guard case .array(let names)? = rule("whitelist") else {
            return remark(
                member.keyPosition,
                "\(path).client_header_forwarding has no whitelist and is left out; list the headers in \"forwardHeaders\""
            )
        }
        let allowed = names.filter { node in
            guard case .string(let name) = node.value else { return false }
            return !name.contains("*") && ForwardableHeader.isAllowed(name)
        }
        if allowed.count < names.count {
            remark(
                member.keyPosition,
                "\(path).client_header_forwarding: patterns and headers that are meant for the gateway are left out")
        }
        if !allowed.isEmpty { values["forwardHeaders"] = Self.list(allowed) }
    }

    // MARK: Values

    private mutating func string(_ member: JSONMember) -> String? {
        if case .string(let text) = member.node.value { return text }
        remark(member.keyPosition, "\(path.member(member.key)) must be a string, not \(member.node.kindName); left out")
        return nil
    }

    /// - Parameter isPlain: whether nothing in it refers to variables.
    private mutating func list(_ member: JSONMember, isPlain: Bool = false) -> [JSONNode]? {
        guard case .array(let elements) = member.node.value else {
            remark(
                member.keyPosition, "\(path.member(member.key)) must be a list, not \(member.node.kindName); left out")
            return nil
        }
        var words: [String] = []
        for element in elements {
            switch element.value {
            case .string(let word): words.append(word)
            case .number(let spelling): words.append(spelling)
            case .null, .bool, .array, .object:
                remark(element.position, "\(path.member(member.key)) holds \(element.kindName), not a string; left out")
            }
        }
        if !isPlain { texts.append((member.keyPosition, path.member(member.key), words)) }
        return words.map { Self.string(isPlain ? $0 : text.translated($0)) }
    }

    private mutating func remark(_ position: Position, _ message: String) {
        remarks.append((position, message))
    }

    private static func string(_ text: String) -> JSONNode {
        JSONNode(position: .start, value: .string(text))
    }

    private static func list(_ elements: [JSONNode]) -> JSONNode {
        JSONNode(position: .start, value: .array(elements))
    }

    private static func elements(_ node: JSONNode) -> [JSONNode] {
        if case .array(let elements) = node.value { elements } else { [] }
    }
}

extension JSONMember {
    /// A member that stands in no file.
    init(key: String, of node: JSONNode) {
        self.init(key: key, keyPosition: .start, node: node)
    }
}
