internal import CSpawn
internal import Glibc

/// Why a program was not started. Nothing of it is left then: no process, no descriptor.
public struct SpawnFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The step that failed.
    public enum Stage: Sendable, Equatable, CaseIterable {
        /// The request itself makes no sense.
        case request
        /// The spawner could not be set up, or too many requests wait for it.
        case spawner
        /// Making the three pipes.
        case pipes
        /// Making the process.
        case process
        /// Asking to be killed when the parent dies.
        case parentDeathSignal
        /// Making the process group.
        case processGroup
        /// Setting descriptors 0 to 2 and closing all others.
        case descriptors
        /// Entering the working directory.
        case workingDirectory
        /// Executing the program.
        case execute
        /// Watching for the end of the process.
        case watch
    }

    /// The step that failed.
    public var stage: Stage
    /// The system's error number, errno(3); 0 if the system was not asked.
    public var errorNumber: Int32
    /// What went wrong, for people.
    public var description: String

    /// Whether another try is bound to fail in the same way until somebody changes the program or the configuration.
    public var isPermanent: Bool {
        switch stage {
        case .request: true
        case .execute:
            [ENOENT, ENOTDIR, EACCES, EPERM, ENOEXEC, EISDIR, ELOOP, ENAMETOOLONG, E2BIG].contains(errorNumber)
        case .spawner, .pipes, .process, .parentDeathSignal, .processGroup, .descriptors, .workingDirectory, .watch:
            false
        }
    }

    /// Describes a call that the system refused.
    init(_ stage: Stage, errorNumber: Int32, doing what: String) {
        self.stage = stage
        self.errorNumber = errorNumber
        self.description = "\(what): \(String(cString: strerror(errorNumber)))"
    }

    private init(_ stage: Stage, description: String) {
        self.stage = stage
        self.errorNumber = 0
        self.description = description
    }

    /// The request itself makes no sense.
    static func invalidRequest(_ why: String) -> SpawnFailure { SpawnFailure(.request, description: why) }

    /// The queue of the spawner is full.
    static func queueFull(_ limit: Int) -> SpawnFailure {
        SpawnFailure(.spawner, description: "\(limit) programs wait to be started already")
    }

    /// Describes what `cspawn_start` reported.
    init(_ result: cspawn_result, request: SpawnRequest) {
        let (stage, what): (Stage, String) =
            switch cspawn_stage(rawValue: UInt32(result.stage)) {
            case cspawn_stage_parent_death_signal: (.parentDeathSignal, "cannot ask to be killed with the parent")
            case cspawn_stage_process_group: (.processGroup, "cannot make a process group")
            case cspawn_stage_descriptors: (.descriptors, "cannot set up file descriptors")
            case cspawn_stage_working_directory:
                (.workingDirectory, "cannot enter the working directory \(request.workingDirectory ?? "")")
            case cspawn_stage_execute: (.execute, "cannot execute \(request.executable)")
            default: (.process, "cannot make a process")
            }
        self.init(stage, errorNumber: result.error, doing: what)
    }
}
