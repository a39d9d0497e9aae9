internal import JSONRPC
internal import NIOCore

/// The tools of the built-in server, as `tools/list` describes them.
enum BuiltinTool: String, CaseIterable {
    case listServers = "list_servers"
    case serverStatus = "server_status"
    case serverStandardError = "server_stderr"
    case restartServer = "restart_server"

    /// Whether it acts on a server, or shows what a server wrote for its operator's eyes.
    var isGuarded: Bool {
        switch self {
        case .listServers, .serverStatus: false
        case .serverStandardError, .restartServer: true
        }
    }

    private var description: String {
        switch self {
        case .listServers: "Lists every MCP server behind this gateway, with its phase and why it is in it."
        case .serverStatus: "Tells how one server stands, and how its last lives ended."
        case .serverStandardError: "Shows the last lines that one server wrote to stderr."
        case .restartServer: "Restarts one server. Calls in flight on it get an error."
        }
    }

    private var inputSchema: String {
        switch self {
        case .listServers:
            #"{"type":"object","properties":{},"additionalProperties":false}"#
        case .serverStatus, .serverStandardError, .restartServer:
            #"""
            {"type":"object","properties":{"server":{"type":"string","description":"its name in list_servers"}},\#
            "required":["server"],"additionalProperties":false}
            """#
        }
    }

    private var annotations: String {
        switch self {
        case .listServers, .serverStatus, .serverStandardError: #"{"readOnlyHint":true,"openWorldHint":false}"#
        case .restartServer: #"{"readOnlyHint":false,"destructiveHint":true,"openWorldHint":false}"#
        }
    }

    /// The tool in `tools/list` (MCP schema, `Tool`).
    var json: ByteBuffer {
        JSONText.object([
            ("name", JSONText.quotedBuffer(rawValue)),
            ("description", JSONText.quotedBuffer(description)),
            ("inputSchema", ByteBuffer(string: inputSchema)),
            ("annotations", ByteBuffer(string: annotations)),
        ])
    }
}

extension BuiltinTools {
    /// All of them, as the value of `tools`.
    static var list: ByteBuffer { JSONText.array(BuiltinTool.allCases.map(\.json)) }
}

extension Route {
    /// The tools of the built-in server that only a trusted principal sees.
    public static var guardedBuiltinTools: Set<String> {
        Set(BuiltinTool.allCases.filter(\.isGuarded).map(\.rawValue))
    }
}
