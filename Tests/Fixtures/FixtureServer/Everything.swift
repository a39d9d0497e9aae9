/// What the scenarios of the official conformance suite ask of a server at 2025-11-25, as literal text: their names, and
/// answers of our own. `servers/everything.py` has the same for the transports over HTTP.
enum Everything {
    static let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    static let silence = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="

    static let image = #"{"type":"image","data":"\#(pixel)","mimeType":"image/png"}"#
    static let audio = #"{"type":"audio","data":"\#(silence)","mimeType":"audio/wav"}"#

    static func text(_ content: String) -> String { #"{"type":"text","text":\#(JSONText.quoted(content))}"# }

    static func resource(_ uri: String, _ content: String, mime: String = "text/plain") -> String {
        let members = #""uri":\#(JSONText.quoted(uri)),"mimeType":"\#(mime)","text":\#(JSONText.quoted(content))"#
        return #"{"type":"resource","resource":{\#(members)}}"#
    }

    /// The content of those tools that always answer the same.
    static let contents: [String: [String]] = [
        "test_simple_text": [text("A simple text.")],
        "test_image_content": [image],
        "test_audio_content": [audio],
        "test_embedded_resource": [resource("test://embedded-resource", "An embedded resource.")],
        "test_multiple_content_types": [
            text("Several kinds of content:"), image,
            resource(
                "test://mixed-content-resource", #"{"test":"data","value":123}"#, mime: "application/json"),
        ],
        "contents": [
            text("Grüße 😀 \u{2028} and \"quotes\" \\ and\nlines"), image, audio,
            resource("feature://text/1", "Grüße"),
            #"{"type":"resource","resource":{"uri":"feature://blob/1","mimeType":"image/png","blob":"\#(pixel)"}}"#,
            #"{"type":"resource_link","uri":"feature://text/2","name":"second","mimeType":"text/plain"}"#,
        ],
    ]

    static let toolNames = [
        "test_simple_text", "test_image_content", "test_audio_content", "test_embedded_resource",
        "test_multiple_content_types", "test_tool_with_logging", "test_tool_with_progress", "test_error_handling",
        "test_reconnection", "test_sampling", "test_elicitation", "test_elicitation_sep1034_defaults",
        "test_elicitation_sep1330_enums", "json_schema_2020_12_tool",
    ]

    /// Every primitive type with a default.
    static let defaults = #"""
        {"type":"object","properties":{"name":{"type":"string","description":"A name","default":"John Doe"},\#
        "age":{"type":"integer","description":"An age","default":30},\#
        "score":{"type":"number","description":"A score","default":95.5},\#
        "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},\#
        "verified":{"type":"boolean","description":"Whether it was verified","default":true}},"required":[]}
        """#

    private static let titled = #"""
        [{"const":"value1","title":"Title 1"},{"const":"value2","title":"Title 2"},{"const":"value3","title":"Title 3"}]
        """#
    private static let untitled = #"["option1","option2","option3"]"#

    /// Every way to offer a choice.
    static let choices = #"""
        {"type":"object","properties":{"untitledSingle":{"type":"string","enum":\#(untitled)},\#
        "titledSingle":{"type":"string","oneOf":\#(titled)},\#
        "legacyEnum":{"type":"string","enum":["opt1","opt2"],"enumNames":["Option 1","Option 2"]},\#
        "untitledMulti":{"type":"array","minItems":1,"items":{"type":"string","enum":\#(untitled)}},\#
        "titledMulti":{"type":"array","maxItems":3,"items":{"anyOf":\#(titled)}}},"required":[]}
        """#

    /// Keywords of JSON Schema 2020-12 that a relay with a model of its own is likely to drop.
    static let schema = #"""
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"address":{\#
        "$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"}}}},"properties":{\#
        "name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"enum":["phone","email"]},\#
        "phone":{"type":"string"},"email":{"type":"string"}},\#
        "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],\#
        "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},\#
        "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}
        """#

    static let prompts = [
        #"{"name":"test_simple_prompt","description":"Without arguments"}"#,
        #"{"name":"test_prompt_with_arguments","description":"With two arguments","#
            + #""arguments":[{"name":"arg1","required":true},{"name":"arg2","required":true}]}"#,
        #"{"name":"test_prompt_with_embedded_resource","description":"With a resource","#
            + #""arguments":[{"name":"resourceUri","required":true}]}"#,
        #"{"name":"test_prompt_with_image","description":"With an image"}"#,
    ]

    /// The contents of the messages of a prompt; nil for what is not one of these.
    static func prompt(_ name: String, _ arguments: RawJSON) -> [String]? {
        switch name {
        case "test_simple_prompt":
            return [text("A simple prompt.")]
        case "test_prompt_with_arguments":
            let (one, other) = (arguments["arg1"]?.string ?? "", arguments["arg2"]?.string ?? "")
            return [text("arg1='\(one)', arg2='\(other)'")]
        case "test_prompt_with_embedded_resource":
            let uri = arguments["resourceUri"]?.string ?? ""
            return [resource(uri, "An embedded resource."), text("Read the resource.")]
        case "test_prompt_with_image":
            return [image, text("Look at the image.")]
        default:
            return nil
        }
    }

    static let resources = [
        #"{"uri":"test://static-text","name":"static-text","description":"A text","mimeType":"text/plain"}"#,
        #"{"uri":"test://static-binary","name":"static-binary","description":"A pixel","mimeType":"image/png"}"#,
        #"{"uri":"test://watched-resource","name":"watched-resource","description":"Changes","mimeType":"text/plain"}"#,
    ]

    static let template =
        #"{"uriTemplate":"test://template/{id}/data","name":"template","mimeType":"application/json"}"#

    /// What is to be read there; nil for what is not one of these.
    static func contents(of uri: String) -> String? {
        let quoted = JSONText.quoted(uri)
        switch uri {
        case "test://static-binary":
            return #"{"contents":[{"uri":\#(quoted),"mimeType":"image/png","blob":"\#(pixel)"}]}"#
        case "test://static-text", "test://watched-resource":
            let text = JSONText.quoted("The text of \(uri)")
            return #"{"contents":[{"uri":\#(quoted),"mimeType":"text/plain","text":\#(text)}]}"#
        case _ where uri.hasPrefix("test://template/"):
            let id = JSONText.quoted(String(uri.split(separator: "/")[2]))
            let text = JSONText.quoted(#"{"id": \#(id), "templateTest": true}"#)
            return #"{"contents":[{"uri":\#(quoted),"mimeType":"application/json","text":\#(text)}]}"#
        default:
            return nil
        }
    }
}
