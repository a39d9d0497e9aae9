/// The lists the server offers, as literal text: what tests compare byte for byte.
enum Catalogue {
    /// Everything that a relay which decodes and encodes again is likely to change.
    static let oddities = #"""
        {"big":9007199254740993,"bigger":123456789012345678901234567890,"fraction":1.10,"exponent":1E+2,\#
        "minusZero":-0,"lineSeparator":"a\#u{2028}b","emoji":"😀","escaped":"\ud83d\ude00 \u00e9 \/",\#
        "order":{"z":1,"a":2,"m":3},"nothing":null,"empty":{},"deep":[[[[]]]]}
        """#

    static let toolNames = [
        "echo", "sleep", "cancelled", "received", "progress", "fail", "tool_error", "crash", "flood_stderr", "big",
        "environment", "late", "list_changed", "raw", "ask", "log", "updated", "stop_reading",
    ]

    static var tools: String {
        let entries = toolNames.map { name in
            let title = JSONText.quoted("The fixture's \(name)")
            return #"{"name":\#(JSONText.quoted(name)),"title":\#(title),"description":\#(title),"#
                + #""inputSchema":{"type":"object","additionalProperties":true,"x-kept":9007199254740993},"#
                + #""annotations":{"readOnlyHint":false},"_meta":{"x-fixture":\#(oddities)},"x-unknown":\#(oddities)}"#
        }
        return #"{"tools":[\#(entries.joined(separator: ","))],"x-unknown":\#(oddities)}"#
    }

    static let resources = #"""
        {"resources":[{"uri":"fixture://greeting","name":"greeting","mimeType":"text/plain","x-unknown":1}]}
        """#

    static let resourceTemplates = #"""
        {"resourceTemplates":[{"uriTemplate":"fixture://greeting/{name}","name":"greeting for somebody"}]}
        """#

    static func contents(uri: String) -> String {
        let name = uri.split(separator: "/").last.map(String.init) ?? ""
        let text = JSONText.quoted("Hello \(name)")
        return #"{"contents":[{"uri":\#(JSONText.quoted(uri)),"mimeType":"text/plain","text":\#(text)}]}"#
    }

    static let prompts = #"""
        {"prompts":[{"name":"greet","description":"Greets","arguments":[{"name":"name","required":false}]}]}
        """#

    static func prompt(name: String) -> String {
        let text = JSONText.quoted("Please greet \(name).")
        return #"{"description":"Greets","messages":[{"role":"user","content":{"type":"text","text":\#(text)}}]}"#
    }
}
