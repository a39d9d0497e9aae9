import Glibc
import Testing

@testable import Spawn

/// Other tests of the same process start programs and open files meanwhile, so these look for what is certainly ours,
/// or for more than all of them together could leave.
@Suite("Leaks", .timeLimit(.minutes(2)))
struct LeakTests {
    @Test("200 programs that ran leave no zombie, no pipe and no pidfd behind")
    func successful() async throws {
        var processes: Set<Int32> = []
        var pipes: Set<String> = []
        for _ in 0..<200 {
            let child = try await Harness.spawn(SpawnRequest(executable: "/bin/true", arguments: ["true"]))
            processes.insert(child.process.processID)
            for end in [child.process.standardInput, child.process.standardOutput, child.process.standardError] {
                pipes.insert(Self.link("/proc/self/fd/\(end)"))
            }
            #expect(await child.exitStatus == .exited(0))
        }
        #expect(pipes.count == 600)
        #expect(pipes.isDisjoint(with: Self.openFiles().map(\.target)))
        #expect(processes.isDisjoint(with: Self.children()))
        #expect(Self.pidfdsOfCollectedProcesses() < 100)
    }

    @Test("200 starts that failed leave no zombie and no pipe behind")
    func failed() async throws {
        let pipesBefore = Self.openPipes()
        for _ in 0..<200 {
            await #expect(throws: SpawnFailure.self) {
                _ = try await Harness.spawn(SpawnRequest(executable: "/nonexistent", arguments: ["no"]))
            }
        }
        #expect(Self.openPipes() < pipesBefore + 200)
        #expect(Self.children().count < 100)
    }

    private static func openPipes() -> Int {
        openFiles().count { $0.target.hasPrefix("pipe:") || $0.target.contains("pidfd") }
    }

    private static func pidfdsOfCollectedProcesses() -> Int {
        openFiles().count { file in
            file.target.contains("pidfd")
                && Processes.contents("/proc/self/fdinfo/\(file.descriptor)").contains("Pid:\t-1\n")
        }
    }

    private static func openFiles() -> [(descriptor: String, target: String)] {
        Processes.names(in: "/proc/self/fd").map { ($0, link("/proc/self/fd/\($0)")) }
    }

    /// The children of this process that run or wait to be collected.
    private static func children() -> Set<Int32> {
        Set(
            Processes.names(in: "/proc/self/task").flatMap {
                Processes.contents("/proc/self/task/\($0)/children").split(separator: " ").compactMap { Int32($0) }
            })
    }

    private static func link(_ path: String) -> String {
        var target = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &target, target.count)
        return String(decoding: target.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
