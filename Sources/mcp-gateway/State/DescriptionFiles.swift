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
/// Each file is the server's `initialize` result. Its name holds a hash of the command line, so that a description
/// is never shown for another program; environment variables, which may be secrets, are not part of it. Files are
/// read once at the start, and written on a queue of their own.
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
        guard case .process(let command) = specification.launch else { return nil }
        let name = String(specification.name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
        let identity = [specification.name, command.command] + command.arguments + [command.workingDirectory ?? ""]
        return "\(directory)/\(name)-\(Self.hash(identity)).json"
    }

    /// FNV-1a, 64 bits: stable over runs, which Swift's own hashing is not.
    private static func hash(_ parts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.joined(separator: "\0").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}
