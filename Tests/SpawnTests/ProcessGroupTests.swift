import Glibc
import Testing

@testable import Spawn

/// A process that outlives its parent holds the pipe open, so the end of stdout says when the last one is gone.
@Suite("Process groups", .timeLimit(.minutes(1)))
struct ProcessGroupTests {
    @Test("a signal to the group reaches grandchildren")
    func grandchild() async throws {
        let child = try await Harness.shell("sleep 600 & echo $!; wait")
        let grandchild = try #require(Int32(await child.readLine()))
        #expect(getpgid(grandchild) == child.process.processID)
        #expect(child.process.signalGroup(SIGTERM))
        #expect(await child.exitStatus == .signalled(SIGTERM))
        #expect(await child.readToEnd() == "")
    }

    @Test("what a process leaves behind is killed when it ends")
    func leftBehind() async throws {
        let child = try await Harness.shell("trap '' HUP TERM; sleep 600 & echo started; exit 3")
        #expect(await child.readLine() == "started")
        #expect(await child.exitStatus == .exited(3))
        // Would block until the time limit if the grandchild lived.
        #expect(await child.readToEnd() == "")
    }

    @Test("what a process leaves behind is left alone if that is wanted")
    func leftAlone() async throws {
        let child = try await Harness.shell(
            "exec 3<&0; { read line <&3; echo got $line; } & exit 0", killsGroupAtExit: false)
        #expect(await child.exitStatus == .exited(0))
        child.write("it\n")
        #expect(await child.readToEnd() == "got it\n")
    }

    @Test("a child dies with the thread that started it, and so with the gateway")
    func parentDeath() async throws {
        let request = SpawnRequest(executable: "/bin/cat", arguments: ["cat"])
        let result: Result<ChildProcess, SpawnFailure> = await onThread {
            Result { () throws(SpawnFailure) in try ChildProcess(request) }
        }
        let child = try result.get()
        defer {
            close(child.pidfd)
            child.pipes.closeParentEnds()
        }
        // Its stdin is open, so nothing else would end it.
        let status = await onThread {
            var watched = pollfd(fd: child.pidfd, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, 10_000) == 0 { kill(child.processID, SIGUSR1) }
            var info = siginfo_t()
            waitid(P_PIDFD, id_t(child.pidfd), &info, WEXITED)
            return (code: info.si_code, signal: info._sifields._sigchld.si_status)
        }
        #expect(status.code == Int32(CLD_KILLED))
        #expect(status.signal == SIGKILL)
    }

    @Test("a child of the spawner outlives the thread that asked for it")
    func requestingThread() async throws {
        let spawner = try ProcessSpawner()
        let exit = ExitPromise()
        let process = try await withCheckedThrowingContinuation { continuation in
            startThread {
                do throws(SpawnFailure) {
                    try spawner.spawn(
                        SpawnRequest(executable: "/bin/cat", arguments: ["cat"]),
                        onSpawn: { continuation.resume(with: $0) }, onExit: { exit.fulfil($0) })
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
        let child = RunningChild(process: process, exit: exit)
        child.write("alive\n")
        #expect(await child.readLine() == "alive")
    }
}
