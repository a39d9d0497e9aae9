import Glibc
import Spawn

/// A guarded spawner with nothing around it, to be killed by a test.
///
/// Each line of stdin is a shell script to be started. On stdout it says, a line each: `guard PID`, `guard ended`,
/// `no guard`, `started PID`, `not started`, `ended`. At the end of stdin it exits and leaves everything as it is.
@main
enum SpawnHost {
    static func main() {
        GuardProgram.runIfAsked()
        do throws(SpawnFailure) {
            let spawner = try ProcessSpawner(guardedBy: .current(name: "spawn-host")) { news in
                switch news {
                case .started(let processID): say("guard \(processID)")
                case .ended: say("guard ended")
                case .cannotStart: say("no guard")
                }
            }
            while let script = readLine() { try start(script, with: spawner) }
        } catch {
            say("failed: \(error)")
            exit(1)
        }
    }

    private static func start(_ script: String, with spawner: ProcessSpawner) throws(SpawnFailure) {
        let request = SpawnRequest(
            executable: "/bin/sh", arguments: ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
        try spawner.spawn(request) { result in
            switch result {
            case .success(let process): say("started \(process.processID)")
            case .failure: say("not started")
            }
        } onExit: { _ in
            say("ended")
        }
    }

    /// Unbuffered and in one piece, since two threads speak.
    private static func say(_ line: String) {
        var line = "\(line)\n"
        line.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
