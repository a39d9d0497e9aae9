/// The answer to `initialize`.
enum Handshake {
    private static let legacyVersions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]

    static func result(for request: Request, _ options: Options) -> String {
        let asked = request.params?["protocolVersion"]?.string ?? ""
        let version = options.protocolVersion ?? (legacyVersions.contains(asked) ? asked : "2025-11-25")
        var capabilities = [#""logging":{}"#, #""completions":{}"#]
        if options.tools { capabilities.append(#""tools":{"listChanged":true}"#) }
        if options.resources { capabilities.append(#""resources":{"subscribe":true,"listChanged":true}"#) }
        if options.prompts { capabilities.append(#""prompts":{"listChanged":true}"#) }
        capabilities.append(#""experimental":{"x-fixture":{"kept":true}}"#)
        let instructions = options.instructions.map { #","instructions":\#(JSONText.quoted($0))"# } ?? ""
        let name = JSONText.quoted(options.name)
        return
            #"{"protocolVersion":\#(JSONText.quoted(version)),"capabilities":{\#(capabilities.joined(separator: ","))},"#
            + #""serverInfo":{"name":\#(name),"version":"1.2.3","title":"Fixture"}\#(instructions)}"#
    }
}
