extension ServerDecoder {
    /// The variables of `envFile`, and those of `env` over them.
    func environment(in section: Section) -> [String: String] {
        var environment = environmentFile(of: section)
        for entry in section.table("env") {
            if entry.key.isEmpty || entry.key.contains("=") || entry.key.utf8.contains(0) {
                section.findings.error(
                    entry.keyPosition,
                    "\(section.path).env holds a name that is empty or has \"=\" in it; write \"NAME\": \"value\"")
            }
            environment[entry.key] = entry.text
        }
        return environment
    }

    private func environmentFile(of section: Section) -> [String: String] {
        guard let path = section.string("envFile"), !path.isEmpty, let node = section.node("envFile"),
            case .string(let written) = node.value
        else { return [:] }
        let text: String
        do {
            text = try variables.files.text(at: path, written: written)
        } catch {
            section.findings.error(node.position, "\(section.path).envFile \(error.message)")
            return [:]
        }
        let file = EnvironmentFile(parsing: text)
        let location = variables.files.location(of: path)
        for remark in file.remarks { section.findings.add(remark, in: location, anchor: node.position) }
        return file.variables
    }

    /// The directory that `cwd` names.
    func workingDirectory(in section: Section) -> String? {
        guard let path = section.string("cwd"), let node = section.node("cwd") else { return nil }
        if path.isEmpty {
            section.findings.error(node.position, "\(section.path).cwd is empty; write a directory, or remove it")
        } else if path.hasPrefix("~") {
            section.findings.error(
                node.position, "\(section.path).cwd begins with \"~\", which no shell reads; write \"${HOME}\"")
        } else if !path.hasPrefix("/") {
            section.findings.warn(
                node.position,
                "\(section.path).cwd is relative to the directory the gateway was started in; write an absolute path")
        }
        return path
    }
}
