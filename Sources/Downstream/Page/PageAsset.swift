internal import NIOCore
internal import NIOHTTP1

/// A file of the page that shows operators their servers. They are part of the program, and need nothing from elsewhere.
enum PageAsset: String, Sendable {
    case document = ""
    case style = "style.css"
    case icon = "icon.svg"
    case main = "main.js"
    case api = "api.js"
    case dom = "dom.js"
    case table = "table.js"
    case drawer = "drawer.js"
    case tools = "tools.js"

    /// Where all but the document are; no server can have this name.
    static let directory = "_ui/"

    /// What the log calls every request for one.
    static let label = "page"

    /// Finds the file at a path, which has no slash at its ends; `nil` if it is none of them.
    init?(path: Substring) {
        guard path.utf8.starts(with: Self.directory.utf8),
            let asset = PageAsset(rawValue: String(path.dropFirst(Self.directory.count))),
            asset != .document
        else { return nil }
        self = asset
    }

    /// The file. A browser runs no script and loads nothing but what comes from here, and shows it in no frame
    /// (Content Security Policy Level 3).
    var response: Response {
        Response(
            status: .ok,
            headers: [
                ("content-type", mediaType),
                ("cache-control", "no-cache"),
                ("vary", "accept"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                (
                    "content-security-policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                ),
            ], body: ByteBuffer(bytes: content))
    }

    private var mediaType: String {
        switch self {
        case .document: "text/html; charset=utf-8"
        case .style: "text/css; charset=utf-8"
        case .icon: "image/svg+xml"
        case .main, .api, .dom, .table, .drawer, .tools: "text/javascript; charset=utf-8"
        }
    }

    private var content: [UInt8] {
        switch self {
        case .document: PackageResources.page_html
        case .style: PackageResources.style_css
        case .icon: PackageResources.icon_svg
        case .main: PackageResources.main_js
        case .api: PackageResources.api_js
        case .dom: PackageResources.dom_js
        case .table: PackageResources.table_js
        case .drawer: PackageResources.drawer_js
        case .tools: PackageResources.tools_js
        }
    }
}
