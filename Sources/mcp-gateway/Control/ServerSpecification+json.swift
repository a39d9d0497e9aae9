internal import GatewayCore
internal import JSONRPC
internal import NIOCore
internal import Spawn
internal import Supervision

extension ServerSpecification {
    /// What the server is by the configuration, for its operator; secrets are masked, and of the environment only the
    /// names are told of what the configuration adds.
    var json: ByteBuffer {
        JSONText.object(
            launch.members + [
                ("required", ByteBuffer(string: required ? "true" : "false")),
                ("startTimeoutMs", Self.json(startTimeout)),
                ("stopTimeoutMs", Self.json(stopTimeout)),
                ("callTimeoutMs", Self.json(callTimeout)),
                ("callMaximumMs", Self.json(callMaximum)),
            ])
    }

    private static func json(_ duration: Duration) -> ByteBuffer {
        ByteBuffer(string: String(Int(duration / .milliseconds(1))))
    }
}

extension ServerSpecification.Launch {
    fileprivate var members: [(key: String, value: ByteBuffer)] {
        switch self {
        case .process(let command):
            [("kind", JSONText.quotedBuffer("process"))] + command.members
        case .remote(let endpoint):
            [
                ("kind", JSONText.quotedBuffer("remote")),
                ("url", JSONText.quotedBuffer(SecretMask.url(endpoint.url))),
                ("transport", JSONText.quotedBuffer(endpoint.transport?.rawValue ?? "auto")),
                ("headers", Self.masked(endpoint.headers.keys)),
            ]
        case .builtin(let name):
            [("kind", JSONText.quotedBuffer("builtin")), ("builtin", JSONText.quotedBuffer(name))]
        case .unavailable(let reason):
            [("kind", JSONText.quotedBuffer("invalid")), ("reason", JSONText.quotedBuffer(reason))]
        case .disabled:
            [("kind", JSONText.quotedBuffer("disabled"))]
        }
    }

    /// An object of these keys, in order, whose values are not told.
    fileprivate static func masked(_ keys: some Sequence<String>) -> ByteBuffer {
        JSONText.object(keys.sorted().map { ($0, JSONText.quotedBuffer(SecretMask.mask)) })
    }
}

extension ProcessCommand {
    /// The command, and the file that it is now.
    fileprivate var members: [(key: String, value: ByteBuffer)] {
        let inherited = ProcessEnvironment.inherited(by: [:])
        let own = environment.filter { inherited[$0.key] != $0.value }.map(\.key)
        var members: [(key: String, value: ByteBuffer)] = [
            ("command", JSONText.quotedBuffer(command)),
            ("arguments", JSONText.array(SecretMask.arguments(arguments).map(JSONText.quotedBuffer))),
            ("environment", ServerSpecification.Launch.masked(own)),
            ("path", JSONText.quotedBuffer(environment["PATH"] ?? "")),
            ("workingDirectory", workingDirectory.map(JSONText.quotedBuffer) ?? ByteBuffer(string: "null")),
        ]
        do throws(ExecutableNotFound) {
            let file = try ExecutableSearch.find(
                command, environment: environment, workingDirectory: workingDirectory)
            members.append(("file", JSONText.quotedBuffer(file)))
        } catch {
            members.append(("file", ByteBuffer(string: "null")))
            members.append(("problem", JSONText.quotedBuffer("\(error)")))
        }
        return members
    }
}
