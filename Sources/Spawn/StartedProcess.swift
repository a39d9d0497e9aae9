internal import CSpawn
internal import Glibc

/// The three descriptors that a process is to have as 0 to 2.
struct StandardStreams {
    let input: Int32
    let output: Int32
    let error: Int32
}

/// A process just started: what is common to servers and to the guard.
struct StartedProcess {
    /// What happens to a process when its parent dies.
    enum Bond {
        /// It is killed; its group, too, if there is a guard.
        case parent(Guard?)
        /// Nothing: it has a session of its own, and no signal but SIGKILL and SIGSTOP reaches it.
        case none
    }

    let processID: pid_t
    let pidfd: Int32

    /// Starts the program of a valid request; see `cspawn_start`. A guard that cannot be told is killed, and the
    /// program started without it: its successor will know.
    init(_ request: SpawnRequest, streams: StandardStreams, bond: Bond) throws(SpawnFailure) {
        var result = Self.start(request, streams: streams, bond: bond)
        if result.error != 0, UInt32(result.stage) == cspawn_stage_guard.rawValue {
            Self.bury(result, bond: bond)
            result = Self.start(request, streams: streams, bond: .parent(nil))
        }
        guard result.error == 0 else {
            Self.bury(result, bond: bond)
            throw SpawnFailure(result, request: request)
        }
        processID = result.process_id
        pidfd = result.pidfd
    }

    /// Collects what is left of a start that failed, if it got as far as a process.
    private static func bury(_ result: cspawn_result, bond: Bond) {
        guard result.pidfd >= 0 else { return }
        if case .parent(let guardian?) = bond { guardian.tellGone(result.process_id) }
        cspawn_reap(result.pidfd)
        _ = close(result.pidfd)
    }

    private static func start(_ request: SpawnRequest, streams: StandardStreams, bond: Bond) -> cspawn_result {
        let variables = request.environment.map { "\($0.key)=\($0.value)" }
        var result = cspawn_result()
        withCStrings(request.arguments) { arguments in
            withCStrings(variables) { environment in
                request.executable.withCString { path in
                    withOptionalCString(request.workingDirectory) { directory in
                        var request = cspawn_request(
                            path: path, arguments: arguments, environment: environment, working_directory: directory,
                            standard_input: streams.input, standard_output: streams.output,
                            standard_error: streams.error, guard: bond.pipe, outlives: bond.outlives)
                        cspawn_start(&request, &result)
                    }
                }
            }
        }
        return result
    }

    private static func withOptionalCString(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
        guard let string else { return body(nil) }
        string.withCString { body($0) }
    }

    /// Lends the strings as a NULL-terminated vector.
    private static func withCStrings(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Void
    ) {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(bytes.count)
            bytes.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
            bytes.append(0)
        }
        bytes.withUnsafeMutableBufferPointer { bytes in
            let pointers = starts.map { start in bytes.baseAddress.map { $0 + start } } + [nil]
            pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}

extension StartedProcess.Bond {
    /// The pipe of the guard to be told; -1 without one.
    fileprivate var pipe: Int32 {
        switch self {
        case .parent(let guardian): guardian?.pipe ?? -1
        case .none: -1
        }
    }

    fileprivate var outlives: Int32 {
        switch self {
        case .parent: 0
        case .none: 1
        }
    }
}
