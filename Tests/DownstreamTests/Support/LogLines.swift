import Logging

/// A log whose lines a test can wait for.
struct LogLines: Sendable {
    private let lines: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() {
        (lines, continuation) = AsyncStream.makeStream()
    }

    /// A logger that writes here.
    var logger: Logger {
        Logger(label: "front") { [continuation] _ in Handler(continuation: continuation) }
    }

    /// Waits for the next line with this text in it.
    func wait(for text: String) async {
        _ = await lines.first { $0.contains(text) }
    }

    private struct Handler: LogHandler {
        let continuation: AsyncStream<String>.Continuation
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            continuation.yield("\(event.message)")
        }
    }
}
