import Logging
import Synchronization

/// Lines collected from anywhere.
final class Lines: Sendable {
    private let collected = Mutex<[String]>([])

    var lines: [String] { collected.withLock { $0 } }

    func append(_ line: String) {
        collected.withLock { $0.append(line) }
    }

    /// A logger that logs here.
    var logger: Logger { Logger(label: "test") { _ in LineHandler(lines: self) } }
}

private struct LineHandler: LogHandler {
    let lines: Lines
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append("\(event.message)")
    }
}
