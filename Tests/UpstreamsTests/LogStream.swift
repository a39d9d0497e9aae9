import Logging

/// What a server's logger logs, for a test to wait for.
struct LogStream {
    struct Entry {
        let text: String
        let isStandardError: Bool
    }

    let entries: AsyncStream<Entry>
    private let continuation: AsyncStream<Entry>.Continuation

    init() {
        (entries, continuation) = AsyncStream.makeStream()
    }

    var logger: Logger { Logger(label: "test") { _ in Handler(continuation: continuation) } }

    /// The next line on the server's stderr that begins like this.
    func standardErrorLine(startingWith beginning: String) async -> String? {
        await entries.first { $0.isStandardError && $0.text.hasPrefix(beginning) }?.text
    }

    private struct Handler: LogHandler {
        let continuation: AsyncStream<Entry>.Continuation
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            continuation.yield(
                Entry(text: "\(event.message)", isStandardError: event.metadata?["stream"] == "stderr"))
        }
    }
}
