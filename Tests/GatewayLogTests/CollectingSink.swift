import GatewayLog
import Synchronization

/// Keeps a line for each entry.
final class CollectingSink: LogSink {
    private let written = Mutex<[String]>([])

    var lines: [String] { written.withLock { $0 } }

    func write(_ record: LogRecord) {
        let line = "\(record.level) \(record.event?.description ?? "-") \(record.line)"
        written.withLock { $0.append(line) }
    }
}
