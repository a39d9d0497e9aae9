import NIOCore
import Testing

@testable import Downstream

@Suite("the OpenAPI document of a route")
struct OpenAPIDocumentTests {
    private static func tool(_ json: String) throws -> OpenAPITool {
        try #require(OpenAPITool(ByteBuffer(string: json)))
    }

    private static func document(
        _ tools: [OpenAPITool], path: String = "/openapi/time", isGuarded: Bool = false,
        operationIDs: OpenAPISettings.OperationIDs = .mcpo, links: [(name: String, path: String)] = []
    ) -> OpenAPIDocument {
        OpenAPIDocument(
            title: "time", version: "1", description: "time MCP Server", links: links, path: path,
            isGuarded: isGuarded, operationIDs: operationIDs, tools: tools)
    }

    @Test("each tool is a POST in the form of mcpo, with its whole schema")
    func golden() throws {
        let tools = [
            try Self.tool(
                """
                {"name":"get_time","description":"The time","inputSchema":{"type":"object","properties":\
                {"zone":{"type":"string","pattern":"^[A-Z]"}}},"outputSchema":{"type":"object"}}
                """),
            try Self.tool(#"{"name":"now","inputSchema":{"type":"object","properties":{}}}"#),
        ]
        #expect(
            String(buffer: Self.document(tools, isGuarded: true).json) == """
                {"openapi":"3.1.0","info":{"title":"time","description":"time MCP Server","version":"1"},\
                "servers":[{"url":"/openapi/time"}],"paths":{\
                "/get_time":{"post":{"summary":"Get Time","description":"The time",\
                "operationId":"tool_get_time_post","requestBody":{"content":{"application/json":{"schema":\
                {"$ref":"#/components/schemas/get_time_form_model"}}},"required":true},"responses":{\
                "200":{"description":"Successful Response","content":{"application/json":{"schema":{"anyOf":[\
                {"$ref":"#/components/schemas/get_time_response_model"},{}]}}}},\
                "422":{"description":"Validation Error","content":{"application/json":{"schema":\
                {"$ref":"#/components/schemas/HTTPValidationError"}}}}},"security":[{"HTTPBearer":[]}]}},\
                "/now":{"post":{"summary":"Now","operationId":"tool_now_post","responses":{\
                "200":{"description":"Successful Response","content":{"application/json":{"schema":{}}}}},\
                "security":[{"HTTPBearer":[]}]}}},"components":{"schemas":{\
                "get_time_form_model":{"type":"object","properties":{"zone":{"type":"string","pattern":"^[A-Z]"}}},\
                "get_time_response_model":{"type":"object"},\
                "ValidationError":{"type":"object","title":"ValidationError","required":["loc","msg","type"],\
                "properties":{"loc":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"integer"}]},\
                "title":"Location"},"msg":{"type":"string","title":"Message"},\
                "type":{"type":"string","title":"Error Type"}}},\
                "HTTPValidationError":{"type":"object","title":"HTTPValidationError","properties":{"detail":{\
                "type":"array","items":{"$ref":"#/components/schemas/ValidationError"},"title":"Detail"}}}},\
                "securitySchemes":{"HTTPBearer":{"type":"http","scheme":"bearer"}}}}
                """)
    }

    @Test("the root has no path of its own, and links to the others")
    func root() {
        let text = String(buffer: Self.document([], path: "", links: [("time", "/time/docs")]).json)
        #expect(
            text == """
                {"openapi":"3.1.0","info":{"title":"time","description":"time MCP Server\\n\\n- **available tools**:\
                \\n    - [time](/time/docs)","version":"1"},"paths":{}}
                """)
    }

    @Test("names of operations differ, whatever is in the tools' names")
    func names() throws {
        let tools = try ["a-b", "a_b", "é.1", "x/y z"].map { try Self.tool(#"{"name":"\#($0)"}"#) }
        var mcpo = OperationNames(.mcpo)
        #expect(
            tools.map { mcpo.name(of: $0) } == ["tool_a_b_post", "tool_a_b_post_2", "tool_é_1_post", "tool_x_y_z_post"])
        var plain = OperationNames(.plain)
        #expect(tools.map { plain.name(of: $0) } == ["a-b", "a_b", "é.1", "x/y z"])
        #expect(tools.map(\.path) == ["/a-b", "/a_b", "/%C3%A9.1", "/x%2Fy%20z"])
    }

    @Test(
        "titles are those that Python makes",
        arguments: [("get_time", "Get Time"), ("getURL", "Geturl"), ("a-b_3c", "A-B 3C"), ("__x", "  X")])
    func titles(name: String, title: String) throws {
        #expect(try Self.tool(#"{"name":"\#(name)"}"#).title == title)
    }

    @Test(
        "a body is declared only for a tool that can be given something",
        arguments: [
            (#"{}"#, false), (#"{"type":"object","properties":{}}"#, false),
            (#"{"additionalProperties":false}"#, false),
            (#"{"properties":{"a":{}}}"#, true), (#"{"additionalProperties":true}"#, true),
            (#"{"properties":{},"additionalProperties":true}"#, true), (#"{"additionalProperties":{}}"#, true),
            (#"{"properties":{},"additionalProperties":false}"#, false),
            (#"{"additionalProperties":{"type":"string"}}"#, true), (##"{"$ref":"#/$defs/A"}"##, true),
            (#"{"oneOf":[]}"#, true), (#"{"patternProperties":{"^x":{}}}"#, true),
        ])
    func bodies(schema: String, isDeclared: Bool) throws {
        let tool = try Self.tool(#"{"name":"a","inputSchema":\#(schema)}"#)
        #expect(tool.takesArguments == isDeclared)
        #expect(String(buffer: Self.document([tool]).json).contains("requestBody") == isDeclared)
    }

    @Test("a path leads to the tool, whatever its name is, and where none can there is none")
    func paths() throws {
        for name in [
            "a/b", "../a", ".", "..", "...", "a\\\\b", #"\u0000\u0007\n\u001b[2J\u007f\u0085"#, "{a}", "%2e", "a?b#c",
            " ",
        ] {
            let tool = try Self.tool(#"{"name":"\#(name)"}"#)
            let uri = "/openapi/time\(tool.path)"
            #expect(uri.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\\{}?#".utf8.contains($0) })
            let target = RequestTarget(uri, prefix: "", openAPI: .below)
            guard case .openAPI(let found) = target?.destination else { return #expect(Bool(false)) }
            #expect(found.leaf == tool.name && found.route == "time")
            // The segment is one that clients take out of paths, however it is spelled (WHATWG "URL", double-dot).
            #expect(tool.hasPath == ![".", ".."].contains(name))
        }
    }

    @Test("what is no tool is none", arguments: ["1", "{}", #"{"name":1}"#, #"{"name":""}"#])
    func malformed(json: String) {
        #expect(OpenAPITool(ByteBuffer(string: json)) == nil)
    }

    @Test("nothing of a server's text is markup of the page, and its policy forbids scripts")
    func page() throws {
        let tool = try Self.tool(
            """
            {"name":"<b>","description":"</p><script>alert('x')</script>","inputSchema":{"properties":{"<i>\\"":{}}}}
            """)
        let response = OpenAPIPage(Self.document([tool], links: [("<u>", "/%3Cu%3E/docs")])).response
        let html = String(buffer: response.body)
        for markup in ["<b>", "<script", "<i>", "<u>", "'x'"] { #expect(!html.contains(markup)) }
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
        #expect(html.contains(#"<a href="/%3Cu%3E/docs">&lt;u&gt;</a>"#))
        #expect(html.contains("<pre>POST /openapi/time/%3Cb%3E</pre>"))
        let policy = try #require(response.headers.first { $0.0 == "content-security-policy" }?.1)
        #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
        // Nothing is loaded from anywhere.
        #expect(!html.contains("http") && !html.contains("src="))
    }

    @Test("a page that grows too long leaves schemas out")
    func longPage() throws {
        let word = String(repeating: "x", count: 1 << 12)
        let tools = try (1...8).map {
            try Self.tool(#"{"name":"t\#($0)","inputSchema":{"properties":{"a":{"title":"\#(word)"}}}}"#)
        }
        let html = String(buffer: OpenAPIPage(Self.document(tools), lengthLimit: 1 << 14).response.body)
        #expect(html.split(separator: word).count == 5)
        #expect(html.split(separator: "<section>").count == 9)
    }

    @Test("JSON is shown with a line for each member")
    func indentation() {
        let json = ByteBuffer(string: #"{"a":[ ],"b":{"c":"{,:\"","d":[1,{}]}}"#)
        #expect(
            JSONIndentation.text(of: json) == """
                {
                  "a": [],
                  "b": {
                    "c": "{,:\\"",
                    "d": [
                      1,
                      {}
                    ]
                  }
                }
                """)
    }
}
