internal import JSONRPC
internal import NIOCore

/// The OpenAPI document of a route (OpenAPI 3.1.0), in the form that mcpo gives it.
struct OpenAPIDocument {
    let title: String
    let version: String
    let description: String
    /// Other documents' pages, by the names of their routes.
    let links: [(name: String, path: String)]
    /// The path that those of the tools begin at.
    let path: String
    /// Whether a key is asked for.
    let isGuarded: Bool
    let operationIDs: OpenAPISettings.OperationIDs
    let tools: [OpenAPITool]

    /// As JSON text.
    var json: ByteBuffer {
        var components = SchemaComponents()
        var names = OperationNames(operationIDs)
        var paths: [JSONOutline.Member] = []
        for tool in tools {
            let operation = operation(of: tool, named: names.name(of: tool), &components)
            paths.append((tool.path, JSONText.object([("post", operation)])))
        }
        if tools.contains(where: \.takesArguments) {
            components.add(Self.validationError, named: "ValidationError")
            components.add(Self.httpValidationError, named: "HTTPValidationError")
        }
        var parts: [JSONOutline.Member] = []
        if !components.members.isEmpty { parts.append(("schemas", JSONText.object(components.members))) }
        if isGuarded { parts.append(("securitySchemes", Self.securitySchemes)) }
        var members: [JSONOutline.Member] = [
            ("openapi", Self.quoted("3.1.0")),
            (
                "info",
                JSONText.object([
                    ("title", Self.quoted(title)), ("description", Self.quoted(fullDescription)),
                    ("version", Self.quoted(version)),
                ])
            ),
        ]
        // Paths would begin with two slashes otherwise.
        if !path.isEmpty {
            members.append(("servers", JSONText.array([JSONText.object([("url", Self.quoted(path))])])))
        }
        members.append(("paths", JSONText.object(paths)))
        if !parts.isEmpty { members.append(("components", JSONText.object(parts))) }
        return JSONText.object(members)
    }

    /// With the links in the form in which mcpo has them.
    private var fullDescription: String {
        guard !links.isEmpty else { return description }
        return ([description, "", "- **available tools**:"] + links.map { "    - [\($0.name)](\($0.path))" })
            .joined(separator: "\n")
    }

    private func operation(
        of tool: OpenAPITool, named name: String, _ components: inout SchemaComponents
    ) -> ByteBuffer {
        var members: [JSONOutline.Member] = [("summary", Self.quoted(tool.title))]
        if let description = tool.description { members.append(("description", Self.quoted(description))) }
        members.append(("operationId", Self.quoted(name)))
        if tool.takesArguments {
            let form = components.add(schema: tool.inputSchema, wanted: "\(tool.name)_form_model")
            members.append(
                (
                    "requestBody",
                    JSONText.object([
                        ("content", Self.content(Self.reference(to: form))), ("required", ByteBuffer(string: "true")),
                    ])
                ))
        }
        members.append(("responses", responses(of: tool, &components)))
        if isGuarded { members.append(("security", ByteBuffer(string: #"[{"HTTPBearer":[]}]"#))) }
        return JSONText.object(members)
    }

    private func responses(of tool: OpenAPITool, _ components: inout SchemaComponents) -> ByteBuffer {
        var result = ByteBuffer(string: "{}")
        if let output = tool.outputSchema {
            let model = components.add(schema: output, wanted: "\(tool.name)_response_model")
            // What comes is made of the texts, which need not be what the schema says.
            result = JSONText.object([
                ("anyOf", JSONText.array([Self.reference(to: model), ByteBuffer(string: "{}")]))
            ])
        }
        var members = [
            (
                "200",
                JSONText.object([
                    ("description", Self.quoted("Successful Response")), ("content", Self.content(result)),
                ])
            )
        ]
        if tool.takesArguments {
            let mistake = Self.content(Self.reference(to: "HTTPValidationError"))
            members.append(
                ("422", JSONText.object([("description", Self.quoted("Validation Error")), ("content", mistake)])))
        }
        return JSONText.object(members)
    }

    private static func quoted(_ text: String) -> ByteBuffer { JSONText.quotedBuffer(text) }

    private static func reference(to component: String) -> ByteBuffer {
        JSONText.object([("$ref", quoted("#/components/schemas/\(component)"))])
    }

    private static func content(_ schema: ByteBuffer) -> ByteBuffer {
        JSONText.object([("application/json", JSONText.object([("schema", schema)]))])
    }

    private static let securitySchemes = ByteBuffer(string: #"{"HTTPBearer":{"type":"http","scheme":"bearer"}}"#)

    private static let validationError = ByteBuffer(
        string: """
            {"type":"object","title":"ValidationError","required":["loc","msg","type"],"properties":{\
            "loc":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]},"title":"Location"},\
            "msg":{"type":"string","title":"Message"},"type":{"type":"string","title":"Error Type"}}}
            """)

    private static let httpValidationError = ByteBuffer(
        string: """
            {"type":"object","title":"HTTPValidationError","properties":{"detail":{"type":"array",\
            "items":{"$ref":"#/components/schemas/ValidationError"},"title":"Detail"}}}
            """)
}
