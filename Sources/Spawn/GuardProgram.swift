internal import CSpawn
internal import Glibc

/// The program that is executed as the guard: it calls `runIfAsked` first of all.
///
/// The guard is a process of its own because it must outlive the one it watches. It is told every process group that
/// begins and every one that is gone, and when the last holder of its pipe is dead, of whatever cause, it kills the
/// groups that are left: PR_SET_PDEATHSIG reaches a launcher such as uvx or npx, but not the server that this forked.
public struct GuardProgram: Sendable, Equatable {
    /// The one argument that makes a program the guard.
    static let word = "guard"

    /// The file to execute.
    public var executable: String
    /// All arguments, from `argv[0]` on.
    public var arguments: [String]

    /// Names a program.
    public init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// The running program again, under this name; also after its file was replaced by a newer one.
    public static func current(name: String) -> GuardProgram {
        GuardProgram(executable: "/proc/self/exe", arguments: [name, word])
    }

    /// Becomes the guard, and never returns, if that is what this process was started as. Call it before anything
    /// that allocates or starts threads: what is not touched costs the guard no memory.
    public static func runIfAsked() {
        guard CommandLine.argc == 2, let argument = CommandLine.unsafeArgv[1], strcmp(argument, word) == 0 else {
            return
        }
        cspawn_run_guard()
    }

    /// How it is started. The environment is empty, since it may hold secrets and everybody of the same user can read
    /// it; but a program whose libraries are in an unusual place must find them again.
    var request: SpawnRequest {
        let libraries = getenv("LD_LIBRARY_PATH").map { ["LD_LIBRARY_PATH": String(cString: $0)] }
        return SpawnRequest(
            executable: executable, arguments: arguments, environment: libraries ?? [:], workingDirectory: "/")
    }
}
