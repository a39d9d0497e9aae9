import JSONRPC
import NIOCore
import TestSupport
import Testing

/// Connections that need no test to play them.
enum Scripts {
    /// Is ready at once and answers every request with `{}`.
    static let echo: @Sendable (ScriptedConnection) -> Void = { connection in
        connection.respond { message in
            message.id.map { #"{"jsonrpc":"2.0","id":\#(String(buffer: $0.json)),"result":{}}"# }
        }
        connection.becomeReady()
    }
}

enum Lines {
    static func progress(token: String, value: Int) -> String {
        #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":\#(token),"progress":\#(value)}}"#
    }
}

extension ScriptedConnection {
    /// Waits for the next message the gateway sends.
    func nextSent() async -> String? {
        await sent.first { _ in true }.map { String(buffer: $0) }
    }
}

/// The first connection of a server, after its handshake.
func readyConnection(of test: ServerUnderTest) async throws -> ScriptedConnection {
    let connection = try #require(await test.connector.nextConnection())
    connection.becomeReady()
    return connection
}
