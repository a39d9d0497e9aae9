/// What entries say besides their text: the keys of their metadata, in the order in which they are shown.
public enum LogField: String, Sendable, Hashable, CaseIterable {
    /// The server's name in the configuration.
    case server
    /// `stderr`: the text is a line that the server wrote there.
    case stream
    /// The server's phase.
    case phase
    /// Which life of the server.
    case generation
    /// The process of that life.
    case pid
    /// The status it exited with.
    case exitStatus = "exit_status"
    /// The signal that killed it.
    case signal
    /// Microseconds until the next start.
    case nextStart = "next_start_usec"
    /// The MCP method of a request or notification.
    case method
    /// The tool that a `tools/call` names.
    case tool
    /// The request's id, as JSON text.
    case requestID = "request_id"
    /// How a request ended.
    case outcome
    /// The code of the JSON-RPC error that it ended with.
    case errorCode = "error_code"
    /// The method of an HTTP request.
    case httpMethod = "http_method"
    /// What an HTTP request asked for, in one word.
    case endpoint
    /// The status it was answered with.
    case status
    /// Whether the answer is an event stream.
    case eventStream = "event_stream"
    /// Microseconds that something took.
    case duration = "duration_usec"
    /// Tells sessions apart; no session can be used with it.
    case session
    /// How many.
    case count
    /// How many bytes.
    case bytes
    /// The bound that was reached.
    case limit
    /// Where the gateway listens.
    case url
    /// An address, as the configuration has it or of a client.
    case address
    /// Names of servers.
    case servers
    /// What a reload has changed.
    case changes
    /// A file.
    case path
    /// A user of the system, by number.
    case user
    /// What the service manager was to be told.
    case state
    /// An error number of the system.
    case errorNumber = "errno"
    /// The beginning of a line.
    case head
    /// A command line for a person to copy.
    case command
    /// The gateway's status line.
    case summary
    /// Why, in a clause or a sentence.
    case reason

    /// The field in the journal: upper case, with `MCP_` before it, unless the journal has one of its own for it
    /// (systemd.journal-fields(7)).
    public var journalName: String { Self.journalName(of: rawValue) }

    /// The field in the journal for a key of metadata, also one that is none of ours: up to 64 of A to Z, 0 to 9 and `_`.
    public static func journalName(of key: String) -> String {
        if key == errorNumber.rawValue { return "ERRNO" }
        let name = key.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "A"..."Z", "0"..."9": Character(scalar)
            case "a"..."z": Character(scalar.properties.uppercaseMapping)
            default: "_"
            }
        }
        return String(("MCP_" + String(name)).prefix(64))
    }

    /// Whether its values are whole numbers.
    var isNumber: Bool {
        switch self {
        case .generation, .pid, .exitStatus, .signal, .nextStart, .errorCode, .status, .duration, .count, .bytes,
            .limit, .user,
            .errorNumber:
            true
        case .server, .stream, .phase, .method, .tool, .requestID, .outcome, .httpMethod, .endpoint, .eventStream,
            .session, .url, .address, .servers, .changes, .path, .state, .head, .command, .summary, .reason:
            false
        }
    }
}
