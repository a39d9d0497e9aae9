/// One object of the file, whose keys have been checked, and the ways to read values from it.
///
/// Reading reports what is wrong with a value and then answers as if the key were absent, so that all mistakes come out
/// at once; ask `has` to tell a broken value from none.
struct Section {
    /// How messages name the object, for instance `mcpServers.fetch.options`.
    let path: String
    let position: Position
    let findings: Findings
    let variables: VariableExpansion
    private let members: [String: JSONMember]

    /// Checks that `node` is an object and reports its duplicate, unknown and later keys; `nil` if it is no object.
    init?(_ node: JSONNode, path: String, keys: Keys, variables: VariableExpansion, findings: Findings) {
        guard case .object(let written) = node.value else {
            findings.error(node.position, "\(path) must be an object, not \(node.kindName); write { … }")
            return nil
        }
        self.path = path
        self.position = node.position
        self.findings = findings
        self.variables = variables
        self.members = Self.sort(written, path: path, keys: keys, findings: findings)
    }

    /// The members with a meaning, by the proper spelling of their keys. JSON's null means absent, as in Go.
    private static func sort(
        _ written: [JSONMember], path: String, keys: Keys, findings: Findings
    ) -> [String: JSONMember] {
        var firsts: [String: Position] = [:]
        var members: [String: JSONMember] = [:]
        for member in written {
            let key = properSpelling(of: member.key, in: keys)
            if let first = firsts[key] {
                findings.error(
                    member.keyPosition,
                    "\(key.quoted) stands twice in \(path), first at \(first.inWords); remove one of them")
                continue
            }
            firsts[key] = member.keyPosition
            if keys.known.contains(key) {
                if member.key != key {
                    findings.warn(
                        member.keyPosition, "\(member.key.quoted) in \(path) is read as \"\(key)\"; write it so")
                }
                if member.node.value != .null { members[key] = member }
            } else if keys.later.contains(key) {
                findings.warn(member.keyPosition, "\"\(key)\" in \(path) is not available yet and has no effect")
            } else if keys.protective.contains(key) {
                findings.error(
                    member.keyPosition, "\(key.quoted) has no effect directly in \(path); \(keys.advice(on: key))")
            } else if !keys.ignored(key) {
                findings.warn(
                    member.keyPosition,
                    "\(key.quoted) in \(path) is not known and has no effect; \(keys.advice(on: key))")
            }
        }
        return members
    }

    /// Go's JSON decoder, and so TBXark's proxy, takes keys in any case.
    private static func properSpelling(of key: String, in keys: Keys) -> String {
        if keys.known.contains(key) || keys.later.contains(key) { return key }
        let lower = key.lowercased()
        return (keys.known + keys.later).first { $0.lowercased() == lower } ?? key
    }

    /// Whether the key is there, whatever its value.
    func has(_ key: String) -> Bool {
        members[key] != nil
    }

    func keyPosition(_ key: String) -> Position {
        members[key]?.keyPosition ?? position
    }

    func node(_ key: String) -> JSONNode? {
        members[key]?.node
    }

    /// The keys of an object at `key`; none if it is something else.
    func keys(of key: String) -> [String] {
        guard case .object(let members) = node(key)?.value else { return [] }
        return members.map(\.key)
    }

    func section(_ key: String, keys: Keys) -> Section? {
        node(key).flatMap {
            Section($0, path: "\(path).\(key)", keys: keys, variables: variables, findings: findings)
        }
    }

    func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        guard case .bool(let value) = node.value else {
            findings.error(node.position, "\(path).\(key) must be true or false, not \(node.kindName)")
            return nil
        }
        return value
    }

    func string(_ key: String) -> String? {
        node(key).flatMap { text(of: $0, path: "\(path).\(key)") }
    }

    /// The texts of a list, without those that are broken.
    func strings(_ key: String) -> [(text: String, position: Position)]? {
        guard let node = node(key) else { return nil }
        guard case .array(let elements) = node.value else {
            findings.error(node.position, "\(path).\(key) must be a list, not \(node.kindName); write [\"…\"]")
            return nil
        }
        return elements.enumerated().compactMap { index, element in
            text(of: element, path: "\(path).\(key)[\(index)]").map { ($0, element.position) }
        }
    }

    /// The texts of a list, or the one text that stands in its place, each with what messages call it; those that are
    /// broken are left out.
    func stringOrStrings(_ key: String) -> [(path: String, text: String, position: Position)]? {
        guard let node = node(key) else { return nil }
        let path = "\(path).\(key)"
        switch node.value {
        case .string: return text(of: node, path: path).map { [(path, $0, node.position)] } ?? []
        case .array(let elements):
            return elements.enumerated().compactMap { index, element in
                let path = "\(path)[\(index)]"
                return text(of: element, path: path).map { (path, $0, element.position) }
            }
        case .null, .bool, .number, .object:
            findings.error(node.position, "\(path) must be a string or a list of strings, not \(node.kindName)")
            return nil
        }
    }

    /// The texts of an object whose keys are free, such as `env`, with the places of their keys.
    func table(_ key: String) -> [(key: String, keyPosition: Position, text: String)] {
        guard let node = node(key) else { return [] }
        guard case .object(let members) = node.value else {
            findings.error(
                node.position, "\(path).\(key) must be an object, not \(node.kindName); write {\"NAME\": \"value\"}")
            return []
        }
        var firsts: [String: JSONMember] = [:]
        return members.compactMap { member in
            if let first = firsts[member.key] {
                repeated(member, after: first, in: key)
                return nil
            }
            firsts[member.key] = member
            return text(of: member.node, path: "\(path).\(key)".member(member.key))
                .map { (member.key, member.keyPosition, $0) }
        }
    }

    /// The objects in an object whose keys are free, such as `groups`; those that are none are left out.
    func objects(_ key: String, keys: Keys) -> [(key: String, keyPosition: Position, section: Section)] {
        guard let node = node(key) else { return [] }
        guard case .object(let members) = node.value else {
            findings.error(
                node.position, "\(path).\(key) must be an object, not \(node.kindName); write {\"NAME\": { … }}")
            return []
        }
        var firsts: [String: JSONMember] = [:]
        return members.compactMap { member in
            if let first = firsts[member.key] {
                repeated(member, after: first, in: key)
                return nil
            }
            firsts[member.key] = member
            return Section(
                member.node, path: "\(path).\(key)".member(member.key), keys: keys, variables: variables,
                findings: findings
            ).map { (member.key, member.keyPosition, $0) }
        }
    }

    private func repeated(_ member: JSONMember, after first: JSONMember, in key: String) {
        // Who reads the file sees no difference, and who compares its bytes sees two names.
        let isOtherSpelling = !member.key.utf8.elementsEqual(first.key.utf8)
        let note = isOtherSpelling ? ", in other Unicode characters that mean the same text" : ""
        findings.error(
            member.keyPosition,
            "\(member.key.quoted) stands twice in \(path).\(key), first at \(first.keyPosition.inWords)\(note); "
                + "remove one of them")
    }

    /// The text of a node, its variables expanded.
    private func text(of node: JSONNode, path: String) -> String? {
        guard case .string(let written) = node.value else {
            findings.error(node.position, "\(path) must be a string, not \(node.kindName); put it in double quotes")
            return nil
        }
        do {
            let expanded = try variables.expand(written)
            if expanded.keptBareVariable {
                findings.warn(
                    node.position,
                    "\(path) holds a \"$\" before a name, which is kept as written; write \"${NAME}\" to insert a "
                        + "variable, or \"$$\" for a plain \"$\"")
            }
            guard !expanded.text.utf8.contains(0) else {
                findings.error(node.position, "\(path) holds a NUL character; remove it")
                return nil
            }
            return expanded.text
        } catch {
            findings.error(node.position, "\(path) \(error.message)")
            return nil
        }
    }
}
