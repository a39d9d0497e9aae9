internal import ArgumentParser
internal import Glibc

/// Where the gateway is asked, and how: what every command that asks one has in common.
struct ControlOptions: ParsableArguments {
    @Option(
        help: """
            The control socket of the gateway. The default is the first that there is of $RUNTIME_DIRECTORY/control.sock, \
            $XDG_RUNTIME_DIR/mcp-gateway/control.sock and /run/mcp-gateway/control.sock.
            """,
        completion: .file())
    var control: String?

    /// Runs `body`, and ends the program with a message and a status if the gateway cannot be asked or refuses.
    func withClient<Result>(_ body: (ControlClient) throws(ControlFailure) -> Result) throws -> Result {
        do throws(ControlFailure) {
            return try body(ControlClient(path: path()))
        } catch {
            throw error.told
        }
    }

    /// The path of the socket.
    ///
    /// - Throws: `ControlFailure` if there is none.
    func path() throws(ControlFailure) -> String {
        if let control { return control }
        let candidates = ControlSocket.candidates(in: ProcessEnvironment.current)
        var status = stat()
        // One whose directory may not be entered is there all the same, for whom it may.
        guard let path = candidates.first(where: { stat($0, &status) == 0 || errno == EACCES }) else {
            throw .nowhere(paths: candidates)
        }
        return path
    }
}

extension ControlFailure {
    /// Says it on stderr; what is left is the status.
    var told: ExitCode {
        StandardError.write("mcp-gateway: \(Terminal.harmlessError(description))\n")
        return exitCode
    }
}

/// The admin API of a running gateway, by its control socket.
struct ControlClient {
    let path: String

    /// How long the gateway may take for what it knows or only has to begin.
    static let patience = ControlConnection.Patience.seconds(10)

    /// Asks for a resource below `/api/v1/`.
    ///
    /// - Throws: `ControlFailure`, also if the gateway answers with anything but 2xx.
    func get(
        _ resource: String, patience: ControlConnection.Patience = Self.patience
    ) throws(ControlFailure) -> JSONValue {
        try ask("GET", resource, body: nil, patience)
    }

    /// Gives an order.
    ///
    /// - Throws: as `get`.
    @discardableResult
    func post(
        _ resource: String, body: JSONValue? = nil, patience: ControlConnection.Patience = Self.patience
    ) throws(ControlFailure) -> JSONValue {
        try ask("POST", resource, body: body, patience)
    }

    /// Opens a stream of events.
    ///
    /// - Throws: as `get`.
    func events(_ resource: String) throws(ControlFailure) -> ControlEvents {
        let connection = try ControlConnection(
            "GET", "/api/v1/\(resource)", at: path, accept: "text/event-stream", patience: Self.patience)
        if let refusal = try Self.refusal(connection) { throw refusal }
        connection.becomeStream()
        return ControlEvents(connection)
    }

    /// The name of a server as a segment of a path.
    static func segment(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                return String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }.joined()
    }

    private func ask(
        _ method: String, _ resource: String, body: JSONValue?, _ patience: ControlConnection.Patience
    ) throws(ControlFailure) -> JSONValue {
        let connection = try ControlConnection(
            method, "/api/v1/\(resource)", at: path, body: body?.bytes, patience: patience)
        if let refusal = try Self.refusal(connection) { throw refusal }
        let answer = JSONValue(try connection.readAll())
        // Every answer of a gateway says something.
        guard answer.members?.isEmpty == false else {
            throw .broken(path: path, reason: "what listens there is no mcp-gateway")
        }
        return answer
    }

    private static func refusal(_ connection: ControlConnection) throws(ControlFailure) -> ControlFailure? {
        guard !(200..<300).contains(connection.status) else { return nil }
        let body = JSONValue(try connection.readAll())
        if let mistakes = body["mistakes"]?.elements {
            return .refused(
                status: connection.status, error: mistakes.compactMap(\.string).joined(separator: "\n"), hint: nil)
        }
        return .refused(
            status: connection.status, error: body["error"]?.string ?? "the gateway answered \(connection.status)",
            hint: body["hint"]?.string)
    }
}

/// A stream of events, read one after another.
struct ControlEvents {
    private let connection: ControlConnection
    private var text: [UInt8] = []

    init(_ connection: ControlConnection) {
        self.connection = connection
    }

    /// The next event; waits for it. `nil` at the end of the stream.
    mutating func next() throws(ControlFailure) -> (name: String, data: JSONValue)? {
        let newline = UInt8(ascii: "\n")
        while true {
            if let end = text.firstRange(of: [newline, newline]) {
                let lines = text[..<end.lowerBound].split(separator: newline)
                text.removeFirst(end.upperBound)
                if let event = Self.event(lines) { return event }
                continue
            }
            let bytes = try connection.read()
            if bytes.isEmpty { return nil }
            text += bytes
        }
    }

    /// Whether there is news now, or within so many milliseconds.
    func hasNews(within milliseconds: Int32) -> Bool {
        !text.isEmpty || connection.isReadable(within: milliseconds)
    }

    private static func event(_ lines: [ArraySlice<UInt8>]) -> (name: String, data: JSONValue)? {
        var name = ""
        var data: [UInt8]?
        for line in lines {
            if line.starts(with: "event: ".utf8) { name = String(decoding: line.dropFirst(7), as: UTF8.self) }
            if line.starts(with: "data: ".utf8) { data = Array(line.dropFirst(6)) }
        }
        return data.map { (name, JSONValue($0)) }
    }
}
