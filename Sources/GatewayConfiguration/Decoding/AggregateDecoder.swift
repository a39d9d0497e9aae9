/// Reads what the file says about servers that appear together.
enum AggregateDecoder {
    /// More groups than anybody tells apart. Each costs memory while it is used.
    static let groupLimit = 100

    /// Reads `mcpProxy.aggregate`.
    static func aggregate(in section: Section) -> AggregateConfiguration {
        var aggregate = AggregateConfiguration()
        aggregate.isEnabled = section.bool("enabled") ?? aggregate.isEnabled
        aggregate.separator = name("separator", in: section, lengths: 1...8) ?? aggregate.separator
        aggregate.maximumNameLength = section.integer("maxNameLength", in: 16...128) ?? aggregate.maximumNameLength
        aggregate.pageSize = section.integer("pageSize", in: 1...1_000_000)
        return aggregate
    }

    /// Reads `mcpProxy.groups`; `servers` are the names that the file has.
    static func groups(in section: Section, servers: [String]) -> [GroupConfiguration] {
        let groups = section.objects("groups", keys: .group)
        guard groups.count <= groupLimit else {
            section.findings.error(
                section.keyPosition("groups"),
                "\(section.path).groups holds \(groups.count) groups, more than \(groupLimit); leave some out")
            return []
        }
        return groups.compactMap { key, position, group in
            if let mistake = ServerName.mistake(in: key) {
                section.findings.error(position, "the group name \(key.quoted) \(mistake)")
                return nil
            }
            return self.group(key, group, servers: servers)
        }
    }

    private static func group(_ key: String, _ section: Section, servers: [String]) -> GroupConfiguration {
        var names: [String] = []
        let entries = section.strings("servers") ?? []
        for (index, entry) in entries.enumerated() {
            let path = "\(section.path).servers[\(index)]"
            if names.contains(entry.text) {
                section.findings.warn(entry.position, "\(path) stands twice; remove one of them")
            } else if servers.contains(entry.text) {
                names.append(entry.text)
            } else {
                let near = NearestWord.to(entry.text, among: servers).map { "did you mean \"\($0)\"?" }
                section.findings.error(
                    entry.position,
                    "\(path) is \(entry.text.quoted), which is no server of mcpServers; \(near ?? "add it there, or remove it here")"
                )
            }
        }
        if entries.isEmpty {
            section.findings.error(
                section.position, "\(section.path) has no \"servers\"; write \"servers\": [\"NAME\", …]")
        }
        return GroupConfiguration(name: key, servers: names)
    }

    /// Reads a server's `expose`.
    static func exposure(in section: Section) -> ExposureConfiguration {
        var exposure = ExposureConfiguration()
        exposure.isInAll = section.bool("inAll") ?? exposure.isInAll
        exposure.prefix = name("prefix", in: section, lengths: 0...32)
        for (key, _, tool) in section.objects("tools", keys: .exposedTool) {
            exposure.tools[key] = ExposureConfiguration.Tool(
                name: name("name", in: tool, lengths: 1...128), description: tool.string("description"),
                isHidden: tool.bool("hidden") ?? false)
        }
        return exposure
    }

    /// A text of what every client takes in the name of a tool.
    private static func name(_ key: String, in section: Section, lengths: ClosedRange<Int>) -> String? {
        guard let text = section.string(key) else { return nil }
        let isClean = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isClean, lengths.contains(text.utf8.count) else {
            section.findings.error(
                section.node(key)?.position ?? section.position,
                "\(section.path).\(key) is \(text.quoted); write \(lengths.lowerBound) to \(lengths.upperBound) letters, digits, \"_\" and \"-\", which every client takes"
            )
            return nil
        }
        return text
    }
}
