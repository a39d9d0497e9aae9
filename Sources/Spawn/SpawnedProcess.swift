/// A running program that was started by `ProcessSpawner`. It leads a process group of its own.
///
/// The three descriptors are the caller's: it closes them, whatever becomes of the process. They are close-on-exec
/// and blocking.
public struct SpawnedProcess: Sendable {
    /// Its number, which is also that of its group.
    public let processID: Int32
    /// Our end of its stdin, for writing.
    public let standardInput: Int32
    /// Our end of its stdout, for reading.
    public let standardOutput: Int32
    /// Our end of its stderr, for reading.
    public let standardError: Int32

    let group: ProcessGroup

    init(processID: Int32, pipes: ChildPipes, group: ProcessGroup) {
        self.processID = processID
        self.standardInput = pipes.input.writing
        self.standardOutput = pipes.output.reading
        self.standardError = pipes.error.reading
        self.group = group
    }

    /// Sends a signal to the process and all others of its group. From any thread.
    ///
    /// The number of the group cannot have been given to somebody else: after the process was collected, which is
    /// before `onExit` is called, nothing is sent any more.
    ///
    /// - Returns: whether there was anybody to send it to.
    @discardableResult
    public func signalGroup(_ signal: Int32) -> Bool {
        group.signal(signal)
    }
}
