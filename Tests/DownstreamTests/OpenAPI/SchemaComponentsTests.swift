import NIOCore
import Testing

@testable import Downstream

@Suite("schemas of tools in an OpenAPI document")
struct SchemaComponentsTests {
    private static func moved(_ schema: String, named name: String = "t", workLimit: Int = 1 << 20) -> [String: String]
    {
        var components = SchemaComponents(workLimit: workLimit)
        #expect(components.add(schema: ByteBuffer(string: schema), wanted: name) == name)
        return Dictionary(components.members.map { ($0.key, String(buffer: $0.value)) }) { first, _ in
            Issue.record("two components have one name")
            return first
        }
    }

    @Test("a schema stays as it is, down to the spelling of numbers and unknown keywords")
    func untouched() {
        let schema =
            #"{"type":"object","properties":{"a":{"type":"number","maximum":1.50,"x-y":[1e3]}},"required":["a"]}"#
        #expect(Self.moved(schema) == ["t": schema])
        #expect(Self.moved("true") == ["t": "true"])
    }

    @Test("definitions become components, of whatever draft; what nobody refers to is left out")
    func definitions() {
        let schema = """
            {"$id":"https://example.org/t","properties":{"a":{"$ref":"#/$defs/A","description":"one"},\
            "b":{"anyOf":[{"$ref":"#/definitions/B"},{"type":"null"}]}},\
            "$defs":{"A":{"type":"array","items":{"$ref":"#/definitions/B"}},"unused":{}},\
            "definitions":{"B":{"enum":[1]}}}
            """
        #expect(
            Self.moved(schema) == [
                "t": ##"{"properties":{"a":{"$ref":"#/components/schemas/t_A","description":"one"},"##
                    + ##""b":{"anyOf":[{"$ref":"#/components/schemas/t_B"},{"type":"null"}]}}}"##,
                "t_A": ##"{"type":"array","items":{"$ref":"#/components/schemas/t_B"}}"##, "t_B": ##"{"enum":[1]}"##,
            ])
    }

    @Test("references to other places become components too, with escapes read")
    func pointers() {
        let schema = """
            {"properties":{"a":{"items":[{"type":"string"}]},"b":{"$ref":"#/properties/a/items/0"},\
            "c":{"$ref":"#/$defs/x~1y%20z"}},"$defs":{"x/y z":{"type":"integer"}}}
            """
        let moved = Self.moved(schema)
        #expect(moved["t_properties_a_items_0"] == #"{"type":"string"}"#)
        #expect(moved["t_x_y_z"] == #"{"type":"integer"}"#)
        #expect(moved["t"]?.contains(##""c":{"$ref":"#/components/schemas/t_x_y_z"}"##) == true)
    }

    @Test("only where a schema stands is a $ref a reference")
    func values() {
        let schema = """
            {"properties":{"$ref":{"type":"string"},"a":{"enum":[{"$ref":"#/x"}],"const":{"$ref":"#/x"},\
            "default":{"$ref":"#/x"}},"b":{"$ref":"https://example.org/s"},"c":{"$id":"c","$ref":"#/$defs/own"}}}
            """
        #expect(Self.moved(schema) == ["t": schema])
    }

    @Test("a reference that points to nothing, or by an anchor, says nothing")
    func dangling() {
        let schema =
            ##"{"properties":{"a":{"$ref":"#/$defs/none","title":"x"},"b":{"$ref":"#anchor"},"c":{"$ref":"#/%zz"}}}"##
        #expect(Self.moved(schema) == ["t": #"{"properties":{"a":{"title":"x"},"b":{},"c":{}}}"#])
    }

    @Test(
        "references that lead back are cut, and say what kind of thing is there",
        arguments: [
            (
                ##"{"type":"object","description":"d","properties":{"a":{"$ref":"#"}}}"##,
                ["t": #"{"type":"object","description":"d","properties":{"a":{"type":"object","description":"d"}}}"#]
            ),
            (
                """
                {"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object","properties":\
                {"b":{"$ref":"#/$defs/B"}}},"B":{"type":"array","items":{"$ref":"#/$defs/A","description":"own"}}}}
                """,
                [
                    "t": ##"{"properties":{"a":{"$ref":"#/components/schemas/t_A"}}}"##,
                    "t_A": ##"{"type":"object","properties":{"b":{"$ref":"#/components/schemas/t_B"}}}"##,
                    "t_B": #"{"type":"array","items":{"type":"object","description":"own"}}"#,
                ]
            ),
            (
                ##"{"properties":{"a":{"type":"array","items":{"$ref":"#/properties/a"}}}}"##,
                [
                    "t":
                        ##"{"properties":{"a":{"type":"array","items":{"$ref":"#/components/schemas/t_properties_a"}}}}"##,
                    "t_properties_a": #"{"type":"array","items":{"type":"array"}}"#,
                ]
            ),
        ] as [(String, [String: String])])
    func cycles(schema: String, expected: [String: String]) {
        #expect(Self.moved(schema) == expected)
    }

    @Test("a chain of references is followed so far and no further")
    func chain() {
        let limit = SchemaComponents.chainLimit
        let definitions = (0..<100).map { ##""D\##($0)":{"type":"object","not":{"$ref":"#/$defs/D\##($0 + 1)"}}"## }
        let moved = Self.moved(##"{"not":{"$ref":"#/$defs/D0"},"$defs":{\##(definitions.joined(separator: ","))}}"##)
        #expect(moved.count == limit)
        #expect(moved["t_D\(limit - 2)"] == #"{"type":"object","not":{"type":"object"}}"#)
    }

    @Test("a schema that takes too much work is an object, and so is every one after it")
    func workLimit() {
        let schema = ##"{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object"}}}"##
        #expect(Self.moved(schema, workLimit: 1 << 10).count == 2)
        #expect(Self.moved(schema, workLimit: 100) == ["t": #"{"type":"object"}"#])
        var components = SchemaComponents(workLimit: 100)
        for name in ["a", "b"] { _ = components.add(schema: ByteBuffer(string: schema), wanted: name) }
        #expect(components.members.map(\.key) == ["a", "b"])
        #expect(components.members.allSatisfy { String(buffer: $0.value) == #"{"type":"object"}"# })
    }

    @Test("names are what OpenAPI allows, and no two are the same")
    func names() {
        var components = SchemaComponents()
        let schema = ByteBuffer(string: "{}")
        #expect(components.add(schema: schema, wanted: "a/b é") == "a_b___")
        #expect(components.add(schema: schema, wanted: "a_b___") == "a_b____2")
        #expect(components.add(schema: schema, wanted: "a_b___") == "a_b____3")
    }
}
