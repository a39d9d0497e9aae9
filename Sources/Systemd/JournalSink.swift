internal import CSystemd
public import GatewayLog
internal import Glibc

/// Sends entries to the journal with all of their fields, sd_journal_sendv(3).
///
/// The call waits while journald is busy, so it belongs behind a `LogQueue`. What the journal does not take goes to the
/// fallback.
public struct JournalSink: LogSink {
    /// Where journald listens. Without it sd_journal_sendv drops what it is given and reports success.
    public static let socket = "/run/systemd/journal/socket"

    private let identifier: String
    private let fallback: any LogSink
    private let send: @Sendable (UnsafePointer<iovec>, Int32) -> Int32

    /// Whether there is a journal to send to.
    public static var isThere: Bool { access(socket, F_OK) == 0 }

    /// - Parameters:
    ///   - identifier: the program's name, `SYSLOG_IDENTIFIER`.
    ///   - fallback: takes what could not be sent.
    public init(identifier: String, fallback: any LogSink) {
        self.init(identifier: identifier, fallback: fallback) { sd_journal_sendv($0, $1) }
    }

    /// Sends through a function that behaves as sd_journal_sendv does.
    init(
        identifier: String, fallback: any LogSink,
        send: @escaping @Sendable (UnsafePointer<iovec>, Int32) -> Int32
    ) {
        self.identifier = identifier
        self.fallback = fallback
        self.send = send
    }

    /// Sends one entry.
    public func write(_ record: LogRecord) {
        let result = JournalEntry(record, identifier: identifier).send(send)
        if result < 0 { fallback.write(record) }
    }
}
