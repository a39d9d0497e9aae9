/// The keys that may stand in one kind of object.
struct Keys {
    /// What messages call the place if a key stands somewhere else.
    let place: String
    /// Keys with a meaning.
    let known: [String]
    /// Keys of features to come: accepted, and reported as not available yet.
    let later: [String]
    /// Keys that keep somebody out, and belong elsewhere: to go on without them would let everybody in.
    var protective: Set<String> = []
    /// Whether any other key is ignored without a word.
    var ignored: @Sendable (String) -> Bool = { $0.hasPrefix("x-") }

    static let file = Keys(
        place: "the top level", known: ["mcpProxy", "mcpServers"], later: [],
        ignored: { $0 == "$schema" || $0.hasPrefix("x-") })

    static let front = Keys(
        place: "mcpProxy",
        known: [
            "baseURL", "addr", "name", "version", "type", "options", "allowedHosts", "allowedNetworks", "limits",
            "startupGracePeriod", "admin", "aggregate", "groups", "openapi",
        ],
        later: [], protective: ["authTokens"])

    static let frontOptions = Keys(
        place: "mcpProxy.options",
        known: [
            "panicIfInvalid", "logEnabled", "authTokens", "cors", "pingInterval", "autoReconnect", "reconnectInterval",
        ],
        later: [])

    static let admin = Keys(place: "mcpProxy.admin", known: ["tokens", "page"], later: [])

    static let cors = Keys(place: "mcpProxy.options.cors", known: ["origins"], later: [])

    static let limits = Keys(
        place: "mcpProxy.limits",
        known: [
            "messageBytes", "requestBodyBytes", "headerBytes", "inFlightPerSession", "sessions", "sessionIdle",
            "queueEvents", "queueBytes", "bufferedBytes", "replayEvents", "replayBytes", "replayAge", "streamAge",
            "questionAge", "listens", "listensPerToken", "parkedCalls", "parkedCallsPerToken", "parkedCallAge",
            "requestsPerSecond", "stderrLines", "stderrLineBytes",
        ],
        later: [])

    static let server = Keys(
        place: "a server's block",
        known: [
            "command", "args", "env", "envFile", "cwd", "url", "headers", "builtin", "timeout", "transportType",
            "options",
            "required", "startTimeout", "stopTimeout", "callTimeout", "restart", "era", "isolation", "interactive",
            "instances", "oauth", "probe", "forwardHeaders", "tls", "expose",
        ],
        later: ["allowedNetworks"], protective: ["authTokens", "toolFilter", "disabled"])

    static let serverOptions = Keys(
        place: "a server's \"options\"",
        known: [
            "panicIfInvalid", "logEnabled", "authTokens", "toolFilter", "disabled", "pingInterval", "autoReconnect",
            "reconnectInterval",
        ],
        later: [])

    static let toolFilter = Keys(place: "\"toolFilter\"", known: ["mode", "list"], later: [])

    static let restart = Keys(place: "\"restart\"", known: ["initial", "max", "window", "attempts"], later: [])

    static let probe = Keys(place: "\"probe\"", known: ["interval", "timeout"], later: [])

    static let instances = Keys(place: "\"instances\"", known: ["max", "idle"], later: [])

    static let tls = Keys(
        place: "\"tls\"", known: ["caFile", "certificateFile", "keyFile", "insecure"], later: [])

    static let aggregate = Keys(
        place: "mcpProxy.aggregate", known: ["enabled", "separator", "maxNameLength", "pageSize"], later: [])

    static let openAPI = Keys(
        place: "mcpProxy.openapi", known: ["enabled", "addr", "operationIds"], later: [],
        protective: ["authTokens", "apiKey"])

    static let group = Keys(place: "a group", known: ["servers"], later: [])

    static let exposure = Keys(place: "\"expose\"", known: ["inAll", "prefix", "tools"], later: [])

    static let exposedTool = Keys(
        place: "a tool of \"expose\"", known: ["name", "description", "hidden"], later: [])

    /// Where a key is looked for if it stands in the wrong place.
    private static let all = [
        server, serverOptions, front, frontOptions, limits, restart, toolFilter, cors, admin, probe, instances, tls,
        file, aggregate, exposure, openAPI,
    ]

    /// What other programs, and people, call our keys.
    private static let aliases: [String: String] = [
        "arguments": "args", "environment": "env", "envs": "env", "cmd": "command", "workingdirectory": "cwd",
        "working_dir": "cwd", "workdir": "cwd", "dir": "cwd", "transport": "transportType", "type": "transportType",
        "httpurl": "url", "serverurl": "url", "uri": "url", "tokens": "authTokens", "authtoken": "authTokens",
        "listen": "addr", "address": "addr", "bind": "addr", "port": "addr", "servers": "mcpServers",
        "mcp_servers": "mcpServers", "proxy": "mcpProxy", "alloworigins": "origins", "allowedorigins": "origins",
        "maxdelay": "max", "env_file": "envFile", "allowedips": "allowedNetworks", "retries": "attempts",
        "tools": "list", "ca": "caFile", "cafile": "caFile", "cacert": "caFile", "cert": "certificateFile",
        "certfile": "certificateFile", "key": "keyFile", "insecureskipverify": "insecure", "ssl": "tls",
        "healthcheck": "probe",
    ]

    /// What to say about a key that has no meaning here.
    func advice(on key: String) -> String {
        if let alias = Self.aliases[key.lowercased()], known.contains(alias) { return "did you mean \"\(alias)\"?" }
        let homes = Self.all.filter { $0.place != place && $0.known.contains(key) }
        if let home = homes.first(where: { $0.place.hasPrefix(place) }) ?? homes.first {
            return "it belongs in \(home.place)"
        }
        let aliases = Self.aliases.filter { known.contains($0.value) }
        if let near = NearestWord.to(key, among: known + later + aliases.keys.sorted()) {
            return "did you mean \"\(aliases[near] ?? near)\"?"
        }
        return "known here are \(known.joined(separator: ", "))"
    }
}
