internal import Glibc
internal import Logging

/// One line per entry: `time level server: message key=value …`. When stderr is the journal's, the journal knows the
/// time, and the level is said as sd-daemon(3) asks: `<4>…`.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let writer: LogWriter
    private let isForJournal: Bool

    /// Makes every logger of the process write to `writer`.
    static func bootstrap(writer: LogWriter, level: Logger.Level) {
        let isForJournal = ProcessEnvironment.current["JOURNAL_STREAM"] != nil
        LoggingSystem.bootstrap { _ in
            LineLogHandler(logLevel: level, writer: writer, isForJournal: isForJournal)
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { _, new in new } }
        let server = fields.removeValue(forKey: "server").map { "\($0): " } ?? ""
        var line = isForJournal ? "<\(event.level.priority)>" : "\(Self.timestamp()) \(event.level.rawValue) "
        line += server
        line += event.message.description.oneLine
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(value.description.quotedIfNeeded)"
        }
        writer.write(line + "\n")
    }

    /// The time of day in UTC, RFC 3339 with milliseconds.
    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let seconds = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        let milliseconds = String(1000 + now.tv_nsec / 1_000_000).dropFirst()
        return "\(seconds).\(milliseconds)Z"
    }
}

extension Logger.Level {
    /// The syslog priority (sd-daemon(3)).
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

extension String {
    /// Without control characters: a server chooses what it writes to stderr, and a log is read on terminals.
    fileprivate var oneLine: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return self }
        return String(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
    }

    fileprivate var quotedIfNeeded: String {
        let clean = oneLine
        guard clean.isEmpty || clean.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else { return clean }
        return "\"\(clean.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
