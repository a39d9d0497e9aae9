internal import ArgumentParser

/// `mcp-gateway print-schema`: the JSON Schema of the configuration.
struct PrintSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print-schema",
        abstract: "Prints the JSON Schema of the configuration, for editors.",
        discussion: "Save it, and name that file as \"$schema\" at the beginning of the configuration.")

    func run() {
        Terminal.write(String(decoding: PackageResources.mcp_gateway_schema_json, as: UTF8.self))
    }
}
