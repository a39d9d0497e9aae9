/// A program to start, and the surroundings it starts in.
public struct SpawnRequest: Sendable, Equatable {
    /// The file to execute (`ExecutableSearch` finds it). A relative path is seen from `workingDirectory`.
    public var executable: String
    /// All arguments, from `argv[0]` on. No shell sees them.
    public var arguments: [String]
    /// The whole environment; nothing is inherited.
    public var environment: [String: String]
    /// The directory it starts in; the caller's if `nil`.
    public var workingDirectory: String?
    /// Whether the rest of its process group is killed when the process itself has ended. What it left behind would
    /// otherwise hold its pipes open and run on unsupervised; the group is certain to be the right one only until
    /// the process is collected, so this is the last chance.
    public var killsGroupAtExit: Bool

    /// Describes a program to start.
    public init(
        executable: String, arguments: [String], environment: [String: String] = [:],
        workingDirectory: String? = nil, killsGroupAtExit: Bool = true
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.killsGroupAtExit = killsGroupAtExit
    }

    /// Throws for what C strings cannot say: it would be cut off silently.
    func validate() throws(SpawnFailure) {
        func check(_ text: String, _ what: @autoclosure () -> String) throws(SpawnFailure) {
            if text.utf8.contains(0) { throw .invalidRequest("\(what()) contains a NUL byte") }
        }
        try check(executable, "the path of the executable")
        if let workingDirectory { try check(workingDirectory, "the working directory") }
        if arguments.isEmpty { throw .invalidRequest("there is no argument 0") }
        for (index, argument) in arguments.enumerated() { try check(argument, "argument \(index)") }
        for (name, value) in environment {
            if name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
                throw .invalidRequest("\"\(name)\" is no name for an environment variable")
            }
            try check(name, "the name of an environment variable")
            try check(value, "the environment variable \(name)")
        }
    }
}
