internal import ArgumentParser
internal import GatewayLog
internal import Glibc
internal import Systemd

/// How log entries are written, as the command line says it.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case auto
    case text
    case json
    case journal

    /// Where entries go.
    ///
    /// - Throws: the exit status 69 when the journal was asked for and is not there, after saying so.
    func sink() throws -> any LogSink {
        let stderrIsJournal = JournalStream.isConnected(
            STDERR_FILENO, variable: ProcessEnvironment.current["JOURNAL_STREAM"])
        let text = LineSink(.text, isJournal: stderrIsJournal, write: StandardError.write)
        switch self {
        case .auto:
            return stderrIsJournal && JournalSink.isThere ? Self.journal(fallback: text) : text
        case .text:
            return text
        case .json:
            return LineSink(.json, isJournal: stderrIsJournal, write: StandardError.write)
        case .journal:
            guard JournalSink.isThere else {
                StandardError.write(
                    "--log-format journal: \(JournalSink.socket) does not exist; use text, or run systemd-journald\n")
                throw ExitCode.unavailable
            }
            return Self.journal(fallback: text)
        }
    }

    private static func journal(fallback: LineSink) -> JournalSink {
        JournalSink(identifier: Product.name, fallback: fallback)
    }
}
