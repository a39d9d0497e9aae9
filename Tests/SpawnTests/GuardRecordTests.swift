import Glibc
import Synchronization
import Testing

@testable import Spawn

/// What the spawner says to its guard. The guard here is a program that passes it on, or one that misbehaves.
@Suite("Guard records", .timeLimit(.minutes(2)))
struct GuardRecordTests {
    @Test("200 starts and ends and 50 starts that fail leave nothing known to the guard")
    func balance() async throws {
        let fifo = try Fifo()
        let spawner = try ProcessSpawner(guardedBy: .shell("exec cat > \(fifo.path)"))
        for number in 0..<250 {
            let isGood = number % 5 != 0
            do {
                let child = try await Harness.spawn(
                    SpawnRequest(executable: isGood ? "/bin/true" : "/nonexistent", arguments: ["x"]), with: spawner)
                #expect(await child.exitStatus == .exited(0))
            } catch {
                #expect(!isGood)
            }
        }
        var known: Set<Int32> = []
        for record in records(in: await fifo.read(250 * 2 * 4)) {
            if record > 0 {
                #expect(known.insert(record).inserted, "\(record) began twice")
            } else {
                #expect(known.remove(-record) != nil, "\(-record) is gone before it began")
            }
        }
        #expect(known.isEmpty)
    }

    @Test("a guard is told about a group before it is gone, and by its number")
    func order() async throws {
        let fifo = try Fifo()
        let spawner = try ProcessSpawner(guardedBy: .shell("exec cat > \(fifo.path)"))
        let child = try await Harness.spawn(SpawnRequest(executable: "/bin/cat", arguments: ["cat"]), with: spawner)
        let number = child.process.processID
        #expect(records(in: await fifo.read(4)) == [number])
        child.closeInput()
        #expect(records(in: await fifo.read(4)) == [-number])
    }

    @Test("a guard that dies again and again keeps no program from starting, and is not started in a loop")
    func dying() async throws {
        let news = News()
        let spawner = try ProcessSpawner(guardedBy: .shell("exit 3")) { news.add($0) }
        var count = 0
        while count < 50 || !news.all.contains(.ended(.exited(3))) {
            count += 1
            let child = try await Harness.spawn(SpawnRequest(executable: "/bin/cat", arguments: ["cat"]), with: spawner)
            child.write("alive\n")
            #expect(await child.readLine() == "alive")
        }
        let starts = news.all.count { if case .started = $0 { true } else { false } }
        #expect((1...5).contains(starts))
    }

    @Test("without a guard to be found programs start all the same, and that is news")
    func missing() async throws {
        let news = News()
        let spawner = try ProcessSpawner(
            guardedBy: GuardProgram(executable: "/nonexistent/guard", arguments: ["guard"])
        ) { news.add($0) }
        let child = try await Harness.spawn(SpawnRequest(executable: "/bin/true", arguments: ["true"]), with: spawner)
        #expect(await child.exitStatus == .exited(0))
        let failure = SpawnFailure(.execute, errorNumber: ENOENT, doing: "cannot execute /nonexistent/guard")
        #expect(news.all.first == .cannotStart(failure))
    }

    @Test("a guard that does not read never blocks the spawner: it is killed when its pipe is full")
    func deaf() async throws {
        let guardian = try Guard(.shell("exec sleep 600"))
        defer { guardian.closeDescriptors() }
        // 64 KiB, pipe(7), in records of four bytes.
        for number in 0..<16384 { guardian.tellBegan(pid_t(number) + 2) }
        #expect(ExitStatus(ofEnded: guardian.pidfd) == nil)
        guardian.tellBegan(2)
        let status = await onThread {
            var info = siginfo_t()
            waitid(P_PIDFD, id_t(guardian.pidfd), &info, WEXITED)
            return info._sifields._sigchld.si_status
        }
        #expect(status == SIGKILL)
    }

    @Test("a program whose guard is dead is started, and not with a pending SIGPIPE")
    func broken() async throws {
        let guardian = try Guard(.shell("exit 0"))
        defer { guardian.closeDescriptors() }
        let output = await onThread { () -> Result<String, SpawnFailure> in
            // As on the spawner's thread, where SIGPIPE is blocked.
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_BLOCK, &all, nil)
            var info = siginfo_t()
            waitid(P_PIDFD, id_t(guardian.pidfd), &info, WEXITED)
            return Result { () throws(SpawnFailure) in
                let child = try ChildProcess(
                    SpawnRequest(executable: "/bin/echo", arguments: ["echo", "ran"]), guardedBy: guardian)
                defer { child.pipes.closeParentEnds() }
                var chunk = [UInt8](repeating: 0, count: 16)
                let size = read(child.pipes.output.reading, &chunk, chunk.count)
                waitid(P_PIDFD, id_t(child.pidfd), &info, WEXITED)
                close(child.pidfd)
                return String(decoding: chunk.prefix(max(size, 0)), as: UTF8.self)
            }
        }
        #expect(try output.get() == "ran\n")
    }

    private func records(in bytes: [UInt8]) -> [Int32] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - 3, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self) }
        }
    }
}

@Suite("The pause before the next guard")
struct GuardPauseTests {
    @Test("a guard that lived is replaced at once")
    func lived() {
        var pause = GuardPause()
        #expect(pause.next(afterLife: .seconds(1)) == .zero)
        #expect(pause.next(afterLife: .seconds(3600)) == .zero)
    }

    @Test("the pause doubles from a second to a minute while guards die young, and begins anew after one that lived")
    func young() {
        var pause = GuardPause()
        let pauses = (0..<8).map { _ in pause.next(afterLife: .milliseconds(999)) }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(pause.next(afterLife: .seconds(2)) == .zero)
        #expect(pause.next(afterLife: .zero) == .seconds(1))
    }
}

extension GuardProgram {
    fileprivate static func shell(_ script: String) -> GuardProgram {
        GuardProgram(executable: "/bin/sh", arguments: ["sh", "-c", script])
    }
}

/// What a spawner said about its guard.
private final class News: Sendable {
    private let items = Mutex<[GuardNews]>([])

    var all: [GuardNews] { items.withLock { $0 } }

    func add(_ news: GuardNews) { items.withLock { $0.append(news) } }
}
