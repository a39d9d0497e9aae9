internal import JSONRPC
public import NIOCore

/// What came of reading the configuration again, as its operator is told.
public enum ReloadReport: Sendable, Equatable {
    /// The gateway runs as the file says; or would, if it was only asked. Remarks are what is doubtful in the file.
    case accepted(Changes, remarks: [String])
    /// The file has mistakes, and nothing has changed. Each is `file:line:column: error: what, and what to do`.
    case refused(mistakes: [String])

    /// Names of servers, by what becomes of them, and keys by when they take effect.
    public struct Changes: Sendable, Equatable {
        /// Not there any more.
        public var stopped: [String]
        /// Started in another way.
        public var restarted: [String]
        /// New.
        public var started: [String]
        /// Running on, with other options.
        public var updated: [String]
        /// Keys of `mcpProxy` that take effect now.
        public var updatedKeys: [String]
        /// Keys of `mcpProxy` that take effect only when the gateway is restarted.
        public var needingRestart: [String]

        /// Describes changes.
        public init(
            stopped: [String], restarted: [String], started: [String], updated: [String], updatedKeys: [String],
            needingRestart: [String]
        ) {
            self.stopped = stopped
            self.restarted = restarted
            self.started = started
            self.updated = updated
            self.updatedKeys = updatedKeys
            self.needingRestart = needingRestart
        }
    }

    /// The report as the admin API tells it.
    public var json: ByteBuffer {
        switch self {
        case .accepted(let changes, let remarks):
            JSONText.object([
                ("accepted", .json(true)),
                ("stopped", .json(changes.stopped)),
                ("restarted", .json(changes.restarted)),
                ("started", .json(changes.started)),
                ("updated", .json(changes.updated)),
                ("updatedKeys", .json(changes.updatedKeys)),
                ("needingRestart", .json(changes.needingRestart)),
                ("remarks", .json(remarks)),
            ])
        case .refused(let mistakes):
            JSONText.object([("accepted", .json(false)), ("mistakes", .json(mistakes))])
        }
    }
}
