internal import Dispatch
internal import GatewayLog
internal import Glibc
internal import JSONRPC
internal import Logging
internal import MCP
internal import NIOCore
internal import Supervision

/// The last known descriptions as one small file per server in the state directory.
///
/// Each file is the server's `initialize` result. Files are read once at the start, and written on a queue of their
/// own.
final class DescriptionFiles: DescriptionStore {
    private let directory: String
    private let queue = DispatchQueue(label: "state")
    private let logger: Logger

    /// - Parameter directory: is made, with its parents, when it does not exist.
    init(directory: String, logger: Logger) {
        self.directory = directory
        self.logger = logger
    }

    func description(of specification: ServerSpecification) -> ServerDescription? {
        guard let path = path(of: specification), let bytes = File.read(path, limit: 1 << 20) else { return nil }
        return try? ServerDescription(kept: ByteBuffer(bytes: bytes))
    }

    func keep(_ description: ServerDescription, of specification: ServerSpecification) {
        guard let path = path(of: specification) else { return }
        let bytes = Array(description.json.readableBytesView)
        queue.async { [directory, logger] in
            guard File.makeDirectory(directory), File.replace(path, with: bytes) else {
                let reason = String(cString: strerror(errno))
                logger.log(.descriptionNotKept, [.path: "\(path)", .reason: "\(reason)"])
                return
            }
        }
    }

    private func path(of specification: ServerSpecification) -> String? {
        StateDirectory.fileName(of: specification).map { "\(directory)/\($0).json" }
    }
}
