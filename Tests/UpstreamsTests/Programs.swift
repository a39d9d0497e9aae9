import Glibc
import Spawn
import Supervision
import Testing

/// What the tests start.
enum Programs {
    /// One spawner for all tests of this process: it cannot be got rid of.
    static let spawner = Result { () throws(SpawnFailure) in try ProcessSpawner() }

    /// The fixture server with these arguments.
    static func fixture(_ arguments: [String]) throws -> ProcessCommand {
        ProcessCommand(
            command: try #require(fixturePath, "fixture-server is not beside the test bundle"), arguments: arguments)
    }

    /// A shell script.
    static func shell(_ script: String) -> ProcessCommand {
        ProcessCommand(command: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
    }

    /// A shell script whose first lines answer the handshake, and which goes on with `script`.
    static func shellServer(_ script: String) -> ProcessCommand {
        let result = #"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"sh"}}"#
        return shell(
            """
            read -r initialize
            printf '%s\\n' '{"jsonrpc":"2.0","id":"initialize","result":\(result)}'
            read -r initialized
            \(script)
            """)
    }

    /// The part of a script that says so on stderr and reads nothing until SIGUSR1 comes.
    static let pauseUntilUserSignal = """
        trap 'go=1' USR1
        echo paused >&2
        while [ -z "$go" ]; do sleep 0.01; done

        """

    /// The build puts every executable into one directory, wherever that is.
    private static let fixturePath: String? = {
        var executable = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &executable, executable.count)
        let running = String(decoding: executable.prefix(max(length, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return [running, CommandLine.arguments[0]]
            .map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") }
            .map { "\($0)/fixture-server" }
            .first { access($0, X_OK) == 0 }
    }()
}
