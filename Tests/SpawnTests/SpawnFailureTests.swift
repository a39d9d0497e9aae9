import Glibc
import Testing

@testable import Spawn

@Suite("Failed starts", .timeLimit(.minutes(1)))
struct SpawnFailureTests {
    @Test("a program that does not exist fails at execute, for good")
    func missing() async {
        await expect(
            SpawnRequest(executable: "/nonexistent/server", arguments: ["server"]), stage: .execute, error: ENOENT,
            isPermanent: true, "cannot execute /nonexistent/server: No such file or directory")
    }

    @Test("a file without execute permission fails at execute, for good")
    func notExecutable() async {
        await expect(
            SpawnRequest(executable: "/etc/passwd", arguments: ["passwd"]), stage: .execute, error: EACCES,
            isPermanent: true, "cannot execute /etc/passwd: Permission denied")
    }

    @Test("a missing working directory fails at the working directory, and may come back")
    func workingDirectory() async {
        await expect(
            SpawnRequest(executable: "/bin/true", arguments: ["true"], workingDirectory: "/nonexistent"),
            stage: .workingDirectory, error: ENOENT, isPermanent: false,
            "cannot enter the working directory /nonexistent: No such file or directory")
    }

    @Test("too long a command line fails at execute, for good")
    func tooLong() async {
        let argument = String(repeating: "x", count: 1 << 20)
        await expect(
            SpawnRequest(executable: "/bin/true", arguments: ["true", argument]), stage: .execute, error: E2BIG,
            isPermanent: true, "cannot execute /bin/true: Argument list too long")
    }

    @Test(
        "what would be cut off or misread is refused before anything is started",
        arguments: [
            (
                SpawnRequest(executable: "/bin/true\0", arguments: ["true"]),
                "the path of the executable contains a NUL byte"
            ),
            (SpawnRequest(executable: "/bin/true", arguments: []), "there is no argument 0"),
            (SpawnRequest(executable: "/bin/true", arguments: ["true", "a\0b"]), "argument 1 contains a NUL byte"),
            (
                SpawnRequest(executable: "/bin/true", arguments: ["true"], environment: ["KEY": "top\0secret"]),
                "the environment variable KEY contains a NUL byte"
            ),
            (
                SpawnRequest(executable: "/bin/true", arguments: ["true"], environment: ["A=B": "c"]),
                "\"A=B\" is no name for an environment variable"
            ),
            (
                SpawnRequest(executable: "/bin/true", arguments: ["true"], workingDirectory: "/tmp\0"),
                "the working directory contains a NUL byte"
            ),
        ])
    func invalid(request: SpawnRequest, description: String) async {
        await expect(request, stage: .request, error: 0, isPermanent: true, description)
    }

    private func expect(
        _ request: SpawnRequest, stage: SpawnFailure.Stage, error: Int32, isPermanent: Bool, _ description: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let failure = await #expect(throws: SpawnFailure.self, sourceLocation: sourceLocation) {
            _ = try await Harness.spawn(request)
        }
        #expect(failure?.stage == stage, sourceLocation: sourceLocation)
        #expect(failure?.errorNumber == error, sourceLocation: sourceLocation)
        #expect(failure?.isPermanent == isPermanent, sourceLocation: sourceLocation)
        #expect(failure?.description == description, sourceLocation: sourceLocation)
    }
}
