import Glibc
import Testing

@testable import Spawn

/// A `spawn-host`: a program with a guarded spawner, made to be killed.
struct Host {
    let child: RunningChild
    /// The first guard, which runs before anything else is started.
    let guardID: Int32

    /// The program, beside the test's own.
    static let path: String = {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &target, target.count)
        let own = String(decoding: target.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/spawn-host"
    }()

    init() async throws {
        child = try await Harness.spawn(SpawnRequest(executable: Self.path, arguments: ["spawn-host"]))
        guardID = try #require(Self.number(of: "guard", in: await child.readLine()))
    }

    /// Starts a shell script and returns its process.
    func start(_ script: String) async throws -> Int32 {
        child.write("\(script)\n")
        return try #require(Self.number(of: "started", in: await child.readLine()))
    }

    /// Kills it, as `kill -9` does. The guard and the children are in other groups.
    func kill() {
        child.process.signalGroup(SIGKILL)
    }

    static func number(of word: String, in line: String) -> Int32? {
        line.hasPrefix("\(word) ") ? Int32(line.dropFirst(word.count + 1)) : nil
    }
}
