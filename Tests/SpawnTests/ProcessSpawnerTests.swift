import Glibc
import Testing

@testable import Spawn

@Suite("Process spawner", .timeLimit(.minutes(1)))
struct ProcessSpawnerTests {
    @Test("what is written to stdin comes back from cat, and closing stdin ends it")
    func echo() async throws {
        let child = try await Harness.spawn(SpawnRequest(executable: "/bin/cat", arguments: ["cat"]))
        child.write("first\nsecond\n")
        #expect(await child.readLine() == "first")
        #expect(await child.readLine() == "second")
        child.closeInput()
        #expect(await child.readToEnd() == "")
        #expect(await child.exitStatus == .exited(0))
    }

    @Test("stdout and stderr are two streams")
    func streams() async throws {
        let child = try await Harness.shell("echo out; echo err >&2")
        #expect(await child.readToEnd() == "out\n")
        #expect(await child.readErrorToEnd() == "err\n")
    }

    @Test("the exit status is the one the process left with", arguments: [0, 1, 7, 127, 255] as [Int32])
    func exitStatus(status: Int32) async throws {
        let child = try await Harness.shell("exit \(status)")
        #expect(await child.exitStatus == .exited(status))
        #expect(child.exitReports == 1)
    }

    @Test("a death by signal is told from an exit", arguments: [SIGKILL, SIGTERM, SIGSEGV])
    func signalled(signal: Int32) async throws {
        let child = try await Harness.shell("kill -\(signal) $$")
        #expect(await child.exitStatus == .signalled(signal))
    }

    @Test("the environment is exactly the one asked for")
    func environment() async throws {
        let child = try await Harness.spawn(
            SpawnRequest(
                executable: "/usr/bin/env", arguments: ["env"],
                environment: ["A": "1", "EMPTY": "", "TEXT": "two words=and more, größer"]))
        let lines = await child.readToEnd().split(separator: "\n")
        #expect(lines.sorted() == ["A=1", "EMPTY=", "TEXT=two words=and more, größer"])
    }

    @Test("an empty environment is empty")
    func noEnvironment() async throws {
        let child = try await Harness.spawn(SpawnRequest(executable: "/usr/bin/env", arguments: ["env"]))
        #expect(await child.readToEnd() == "")
    }

    @Test("arguments arrive as they are, argument 0 included")
    func arguments() async throws {
        let child = try await Harness.spawn(
            SpawnRequest(
                executable: "/bin/sh",
                arguments: [
                    "gateway's child", "-c", "printf '[%s]' \"$0\" \"$@\"", "zero", "", "two words", "*", "$HOME",
                ]))
        #expect(await child.readToEnd() == "[zero][][two words][*][$HOME]")
    }

    @Test("the working directory is the one asked for, the caller's without one")
    func workingDirectory() async throws {
        let child = try await Harness.shell("pwd", workingDirectory: "/usr")
        #expect(await child.readToEnd() == "/usr\n")

        let other = try await Harness.shell("pwd")
        let own = try #require(realpath(".", nil))
        defer { free(own) }
        #expect(await other.readToEnd() == "\(String(cString: own))\n")
    }

    @Test("the child has descriptors 0 to 2 and no others, whatever is open here")
    func descriptors() async throws {
        let leaks = (0..<20).map { _ in open("/dev/null", O_RDONLY) }  // without O_CLOEXEC
        defer { leaks.forEach { close($0) } }
        try #require(leaks.allSatisfy { $0 >= 0 })
        let child = try await Harness.shell("exec ls /proc/self/fd")
        // The fourth is the directory that ls reads.
        #expect(await child.readToEnd() == "0\n1\n2\n3\n")
    }

    @Test("signals are neither blocked nor ignored in the child")
    func signals() async throws {
        signal(SIGPIPE, SIG_IGN)
        let child = try await Harness.shell("grep -E '^Sig(Blk|Ign)' /proc/self/status")
        let masks = await child.readToEnd()
        #expect(masks == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
    }

    @Test("the child leads a process group of its own")
    func processGroup() async throws {
        let child = try await Harness.shell("read line")
        #expect(getpgid(child.process.processID) == child.process.processID)
        #expect(getpgid(0) != child.process.processID)
    }

    @Test("a child that ignores SIGTERM dies of SIGKILL")
    func stubborn() async throws {
        let child = try await Harness.shell("trap '' TERM; echo set; while read line; do echo $line; done")
        #expect(await child.readLine() == "set")
        #expect(child.process.signalGroup(SIGTERM))
        child.write("still here\n")
        #expect(await child.readLine() == "still here")
        #expect(child.process.signalGroup(SIGKILL))
        #expect(await child.exitStatus == .signalled(SIGKILL))
    }

    @Test("after the end nothing can be signalled any more")
    func signalAfterEnd() async throws {
        let child = try await Harness.shell("exit 0")
        #expect(await child.exitStatus == .exited(0))
        #expect(!child.process.signalGroup(0))
        #expect(!child.process.signalGroup(SIGKILL))
    }

    @Test("more requests than the queue holds are refused, and the ones taken are all answered")
    func queueLimit() throws {
        let inbox = try SpawnInbox()
        let order = SpawnOrder(
            request: SpawnRequest(executable: "/bin/true", arguments: ["true"]), onSpawn: { _ in }, onExit: { _ in })
        #expect(inbox.put(order, limit: 2))
        #expect(inbox.put(order, limit: 2))
        #expect(!inbox.put(order, limit: 2))
        #expect(inbox.takeAll().count == 2)
        #expect(inbox.put(order, limit: 2))
    }
}
