import Bridge
import JSONRPC
import Logging
import NIOCore
import NIOPosix
import Supervision
import TestSupport
import Testing

/// A bridge whose client and server are played by the test.
struct BridgeUnderTest {
    let bridge: Bridge
    let connector: ScriptedConnector
    let output = Lines()

    /// Keeps what the client is sent.
    final class Lines: BridgeOutput {
        private let written: AsyncStream<String>
        private let writer: AsyncStream<String>.Continuation

        init() {
            (written, writer) = AsyncStream.makeStream()
        }

        func write(_ line: ByteBuffer) {
            writer.yield(String(buffer: line))
        }

        /// The next line.
        func next() async -> String? {
            await written.first { _ in true }
        }
    }

    init(
        patience: Duration = .seconds(10), attempts: Int = 3, grace: Duration = .seconds(5),
        script: (@Sendable (ScriptedConnection) -> Void)? = nil
    ) {
        let connector = ScriptedConnector(script: script)
        self.connector = connector
        bridge = Bridge(
            Bridge.Settings(
                specification: ServerSpecification(
                    name: "far", launch: .remote(RemoteEndpoint(url: "http://far/mcp")),
                    restart: RestartPolicy(initial: .milliseconds(1), max: .milliseconds(2)), probe: .off,
                    messageLimit: 1024),
                connector: { _ in connector }, patience: patience, attempts: attempts, grace: grace,
                logger: Logger(label: "bridge") { _ in SwiftLogNoOpLogHandler() }),
            output: output, on: MultiThreadedEventLoopGroup.singleton.next())
    }

    /// The client says this.
    func say(_ text: String) async {
        await bridge.take(ByteBuffer(string: text)) {}
    }

    /// The client opens its session, and the server is there.
    func open(capabilities: String = "{}") async throws -> ScriptedConnection {
        await say(Self.initialize(capabilities: capabilities))
        let connection = try #require(await connector.nextConnection())
        connection.becomeReady()
        _ = await output.next()
        return connection
    }

    static func initialize(capabilities: String = "{}") -> String {
        """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
        "capabilities":\(capabilities),"clientInfo":{"name":"test","version":"1"}}}

        """
    }
}
