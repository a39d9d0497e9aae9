internal import NIOCore
internal import NIOHTTP1

/// The OpenAPI document for people: a page without scripts, and with nothing from elsewhere.
struct OpenAPIPage {
    /// From how many bytes on schemas are left out; the document has them.
    static let lengthLimit = 1 << 20

    private let document: OpenAPIDocument
    private let lengthLimit: Int

    init(_ document: OpenAPIDocument, lengthLimit: Int = Self.lengthLimit) {
        self.document = document
        self.lengthLimit = lengthLimit
    }

    var response: Response {
        Response(
            status: .ok,
            headers: [
                ("content-type", "text/html; charset=utf-8"), ("content-security-policy", Self.policy),
                ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
            ], body: ByteBuffer(string: html))
    }

    /// The style is allowed by its hash: a test computes it anew.
    static let policy =
        "default-src 'none'; style-src 'sha256-FP5XY6XRgKgeUcHp4nxOkMVZQsygskHghIDhgFZLguc='; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    static let style = """
        body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem}\
        pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.5rem;border:1px solid #8888;border-radius:.3rem}\
        h2{margin-top:2rem;overflow-wrap:anywhere}.text{white-space:pre-wrap}
        """

    private var html: String {
        let tools = sections
        let title = Self.escaped(document.title)
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(title) <small>\(Self.escaped(document.version))</small></h1>
            <p class="text">\(Self.escaped(document.description))</p>
            \(links)
            <p>\(document.tools.count) tools. For programs: <a href="\(Self.escaped(document.path))/openapi.json">openapi.json</a>.\
            \(document.isGuarded ? " Calls need <code>Authorization: Bearer KEY</code>." : "")</p>
            \(tools.joined(separator: "\n"))
            </body>
            </html>

            """
    }

    private var links: String {
        guard !document.links.isEmpty else { return "" }
        let items = document.links.map {
            #"<li><a href="\#(Self.escaped($0.path))">\#(Self.escaped($0.name))</a></li>"#
        }
        return "<ul>\(items.joined())</ul>"
    }

    private var sections: [String] {
        var names = OperationNames(document.operationIDs)
        var length = 0
        return document.tools.map { tool in
            let section = section(of: tool, named: names.name(of: tool), isBrief: length > lengthLimit)
            length += section.utf8.count
            return section
        }
    }

    private func section(of tool: OpenAPITool, named name: String, isBrief: Bool) -> String {
        let input =
            isBrief
            ? "" : tool.takesArguments ? Self.details("Arguments", tool.inputSchema) : "<p>No arguments.</p>"
        let output = isBrief ? "" : tool.outputSchema.map { Self.details("Result", $0) } ?? ""
        return """
            <section>
            <h2>\(Self.escaped(tool.title))</h2>
            <pre>POST \(Self.escaped(document.path + tool.path))</pre>
            <p class="text">\(Self.escaped(tool.description ?? ""))</p>
            <p>operationId <code>\(Self.escaped(name))</code></p>
            \(input)\(output)
            </section>
            """
    }

    private static func details(_ title: String, _ schema: ByteBuffer) -> String {
        "<details><summary>\(title)</summary><pre>\(escaped(JSONIndentation.text(of: schema)))</pre></details>"
    }

    private static func escaped(_ text: String) -> String {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): escaped += "&amp;".utf8
            case UInt8(ascii: "<"): escaped += "&lt;".utf8
            case UInt8(ascii: ">"): escaped += "&gt;".utf8
            case UInt8(ascii: "\""): escaped += "&quot;".utf8
            case UInt8(ascii: "'"): escaped += "&#39;".utf8
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
