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
        "contents", "structured", "asks", "asks_later", "outcomes", "withdraws", "needs_url", "completes", "updates",
        "subscriptions", "levels", "logs", "logs_later", "notified", "capabilities", "grows", "waits", "release",
        "seen", "sleeps", "steps",
    ]

    static func tools(grown: [String]) -> [String] {
        (toolNames + Everything.toolNames + grown).map { name in
            let title = JSONText.quoted("The fixture's \(name)")
            return #"{"name":\#(JSONText.quoted(name)),"title":\#(title),"description":\#(title),"#
                + #""inputSchema":\#(inputSchema(name))\#(name == "structured" ? outputSchema : ""),"#
                + #""annotations":{"readOnlyHint":false},"_meta":{"x-fixture":\#(oddities)},"x-unknown":\#(oddities)}"#
        }
    }

    private static func inputSchema(_ name: String) -> String {
        name == "json_schema_2020_12_tool"
            ? Everything.schema : #"{"type":"object","additionalProperties":true,"x-kept":9007199254740993}"#
    }

    private static let outputSchema =
        #","outputSchema":{"type":"object","properties":{"temperature":{"type":"number"}}}"#

    static let structured = #"{"temperature":22.5,"unit":"°C","history":[20,21],"nested":{"empty":{}}}"#

    static let resources =
        [#"{"uri":"fixture://greeting","name":"greeting","mimeType":"text/plain","x-unknown":1}"#]
        + Everything.resources

    static let resourceTemplates = [
        #"{"uriTemplate":"fixture://greeting/{name}","name":"greeting for somebody"}"#, Everything.template,
    ]

    static func contents(uri: String) -> String {
        let name = uri.split(separator: "/").last.map(String.init) ?? ""
        let text = JSONText.quoted("Hello \(name)")
        return #"{"contents":[{"uri":\#(JSONText.quoted(uri)),"mimeType":"text/plain","text":\#(text)}]}"#
    }

    static let prompts =
        [#"{"name":"greet","description":"Greets","arguments":[{"name":"name","required":false}]}"#]
        + Everything.prompts

    static func prompt(_ request: Request) -> String {
        let own = [Everything.text("Please greet \(request.arguments["name"]?.string ?? "you").")]
        let contents = Everything.prompt(request.params?["name"]?.string ?? "", request.arguments) ?? own
        let messages = contents.map { #"{"role":"user","content":\#($0)}"# }
        return #"{"description":"A prompt","messages":[\#(messages.joined(separator: ","))]}"#
    }
}
