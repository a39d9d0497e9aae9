/// What the server is asked to do wrong, from its command line.
struct Options {
    struct Problem: Error {
        let text: String
    }

    var name = "fixture"
    var instructions: String?
    var protocolVersion: String?
    var tools = true
    var resources = true
    var prompts = true
    /// Entries on each page of a list; 0 for all of them.
    var pageSize = 0

    var startDelay = 0
    var exitOnStart: Int32?
    var exitOnInitialize: Int32?
    var exitOnProbe: Int32?
    var hangOnInitialize = false
    var crashAfter: Int?
    var ignoreSIGTERM = false
    var ignoreEOF = false
    var floodStandardError = 0
    var banner = false
    var grandchild = Grandchild.Kind.none
    var halfLines = false
    var requestSampling = false
    var help = false

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            switch flag {
            case "--name": name = try Self.value(of: flag, &rest)
            case "--instructions": instructions = try Self.value(of: flag, &rest)
            case "--protocol-version": protocolVersion = try Self.value(of: flag, &rest)
            case "--no-tools": tools = false
            case "--no-resources": resources = false
            case "--no-prompts": prompts = false
            case "--page-size": pageSize = try Self.number(of: flag, &rest)
            case "--start-delay": startDelay = try Self.number(of: flag, &rest)
            case "--exit-on-start": exitOnStart = Int32(try Self.number(of: flag, &rest))
            case "--exit-on-initialize": exitOnInitialize = Int32(try Self.number(of: flag, &rest))
            case "--exit-on-probe": exitOnProbe = Int32(try Self.number(of: flag, &rest))
            case "--hang-on-initialize": hangOnInitialize = true
            case "--crash-after": crashAfter = try Self.number(of: flag, &rest)
            case "--ignore-sigterm": ignoreSIGTERM = true
            case "--ignore-eof": ignoreEOF = true
            case "--flood-stderr": floodStandardError = try Self.number(of: flag, &rest)
            case "--banner": banner = true
            case "--grandchild": grandchild = .ordinary
            case "--stubborn-grandchild": grandchild = .ignoresSIGTERM
            case "--half-lines": halfLines = true
            case "--request-sampling": requestSampling = true
            case "--help": help = true
            default: throw Problem(text: "unknown option \(flag); see --help")
            }
        }
    }

    private static func value(of flag: String, _ rest: inout ArraySlice<String>) throws -> String {
        guard let value = rest.popFirst() else { throw Problem(text: "\(flag) needs a value") }
        return value
    }

    private static func number(of flag: String, _ rest: inout ArraySlice<String>) throws -> Int {
        let text = try value(of: flag, &rest)
        guard let number = Int(text), number >= 0 else { throw Problem(text: "\(flag) needs a number, not \(text)") }
        return number
    }

    static let usage = """
        fixture-server: an MCP server over stdio that misbehaves on request
          --name NAME, --instructions TEXT   what it says of itself
          --protocol-version V               answers initialize with V whatever was asked
          --no-tools --no-resources --no-prompts
          --page-size N                      lists in pages of so many entries
          --start-delay MS                   reads nothing for so long
          --exit-on-start CODE               one line on stderr, then exits
          --exit-on-initialize CODE          the same, when initialize arrives
          --exit-on-probe CODE               the same, when any request but ping arrives before initialize
          --hang-on-initialize               never answers initialize
          --crash-after N                    answers N tool calls and dies on the next, which stays unanswered
          --ignore-sigterm, --ignore-eof     does not stop when told so
          --flood-stderr BYTES               before it reads anything
          --banner                           lines that are no JSON-RPC on stdout, at start and before each message
          --grandchild                       leaves a sleeping process that holds its pipes; "grandchild PID" on stderr
          --stubborn-grandchild              the same, ignoring SIGTERM
          --half-lines                       writes its output in pieces of 1 to 7 bytes
          --request-sampling                 sends sampling/createMessage to the client in each tool call

        """
}
