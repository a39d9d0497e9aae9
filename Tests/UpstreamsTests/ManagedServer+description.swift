import MCP
import NIOCore
import Supervision

extension ManagedServer {
    /// Waits for the server's description and returns its `serverInfo`.
    func describedName() async -> String {
        await withCheckedContinuation { continuation in
            describe { continuation.resume(returning: (try? $0.get()).map { String(buffer: $0.serverInfo) } ?? "") }
        }
    }
}
