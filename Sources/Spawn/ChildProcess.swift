internal import CSpawn
internal import Glibc

/// A process just started, before anybody watches it.
struct ChildProcess {
    let processID: pid_t
    let pidfd: Int32
    let pipes: ChildPipes

    /// Starts the program. The process dies with the calling thread; see `cspawn_start`.
    init(_ request: SpawnRequest) throws(SpawnFailure) {
        try request.validate()
        let pipes = try ChildPipes()
        let variables = request.environment.map { "\($0.key)=\($0.value)" }
        let result = Self.withCStrings(request.arguments) { arguments in
            Self.withCStrings(variables) { environment in
                Self.start(request, arguments: arguments, environment: environment, pipes: pipes)
            }
        }
        guard result.error == 0 else {
            pipes.closeAll()
            throw SpawnFailure(result, request: request)
        }
        pipes.closeChildEnds()
        self.pipes = pipes
        processID = result.process_id
        pidfd = result.pidfd
    }

    private typealias CStrings = UnsafePointer<UnsafeMutablePointer<CChar>?>?

    private static func start(
        _ request: SpawnRequest, arguments: CStrings, environment: CStrings, pipes: ChildPipes
    ) -> cspawn_result {
        var result = cspawn_result()
        request.executable.withCString { path in
            withOptionalCString(request.workingDirectory) { directory in
                var request = cspawn_request(
                    path: path, arguments: arguments, environment: environment, working_directory: directory,
                    standard_input: pipes.input.reading, standard_output: pipes.output.writing,
                    standard_error: pipes.error.writing)
                cspawn_start(&request, &result)
            }
        }
        return result
    }

    private static func withOptionalCString(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
        guard let string else { return body(nil) }
        string.withCString { body($0) }
    }

    /// Lends the strings as a NULL-terminated vector.
    private static func withCStrings<Value>(_ strings: [String], _ body: (CStrings) -> Value) -> Value {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(bytes.count)
            bytes.append(contentsOf: string.utf8.lazy.map { CChar(bitPattern: $0) })
            bytes.append(0)
        }
        return bytes.withUnsafeMutableBufferPointer { bytes in
            let pointers = starts.map { start in bytes.baseAddress.map { $0 + start } } + [nil]
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
