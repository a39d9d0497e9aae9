import Glibc
import Testing

@testable import Spawn

/// Processes say that they run by a byte into a FIFO, and that all of them are dead by its end.
@Suite("The guard", .timeLimit(.minutes(1)))
struct GuardTests {
    /// Launchers that leave `sleep` as a grandchild or deeper; each process of them ignores what it can.
    static let launchers: [String: String] = [
        "as npx, which waits for its child": "sleep 600 & wait",
        "as uvx of a wrapper, three deep": "sh -c 'sh -c \"sleep 600 & wait\" & wait' & wait",
        "with fifty children": "i=0; while [ $i -lt 50 ]; do sleep 600 & i=$((i+1)); done; wait",
        "that is gone itself but for its signal": "sleep 600 & exec sleep 600",
    ]

    /// The script with the FIFO open in all of its processes; a byte says that they have been started.
    private func script(_ launcher: String, _ fifo: Fifo) -> String {
        let launch = launcher.replacing("wait", with: "printf . >&9; wait", maxReplacements: 1)
        return "trap '' TERM HUP INT; exec 9>\(fifo.path); "
            + (launch == launcher ? launcher.replacing("exec", with: "printf . >&9; exec") : launch)
    }

    @Test("nothing of a launcher is left one second after kill -9", arguments: launchers.keys.sorted())
    func killed(kind: String) async throws {
        let fifo = try Fifo()
        let host = try await Host()
        _ = try await host.start(script(try #require(Self.launchers[kind]), fifo))
        #expect(await fifo.read(1).count == 1)
        host.kill()
        #expect(await fifo.ends(within: .seconds(1)))
    }

    @Test("nothing of a launcher is left one second after a host that just exits")
    func exited() async throws {
        let fifo = try Fifo()
        let host = try await Host()
        _ = try await host.start(script("sleep 600 & wait", fifo))
        #expect(await fifo.read(1).count == 1)
        host.child.closeInput()
        #expect(await fifo.ends(within: .seconds(1)))
    }

    @Test("a host that is killed in the midst of starting leaves nothing", arguments: 0..<10)
    func killedWhileStarting(count: Int) async throws {
        let marker = "sleep 6\(getpid())\(count)"
        let host = try await Host()
        for _ in 0..<20 { host.child.write("\(marker) & \(marker) & wait\n") }
        for _ in 0...count { _ = await host.child.readLine() }
        host.kill()
        // Whatever was started before the guard ended has been killed by then.
        let left = await Processes.wait(within: .seconds(1)) {
            !Processes.isAlive(host.guardID) && Processes.count(running: marker) == 0
        }
        #expect(left, "\(Processes.count(running: marker)) processes, guard alive: \(Processes.isAlive(host.guardID))")
    }

    @Test("no signal but SIGKILL ends the guard, by which a service manager or ^C would end it before its host")
    func signals() async throws {
        let fifo = try Fifo()
        let host = try await Host()
        _ = try await host.start(script("sleep 600 & wait", fifo))
        #expect(await fifo.read(1).count == 1)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGALRM, SIGTSTP] {
            #expect(Glibc.kill(host.guardID, signal) == 0)
        }
        host.kill()
        #expect(await fifo.ends(within: .seconds(1)))
    }

    @Test("the guard has a session and a name of its own, one thread, three descriptors and no environment")
    func surroundings() async throws {
        let host = try await Host()
        let directory = "/proc/\(host.guardID)"
        #expect(getsid(host.guardID) == host.guardID)
        // It takes its name as its first act, which may be after the host's word.
        #expect(await Processes.wait(within: .seconds(10)) { Processes.contents("\(directory)/comm") == "mcp-guard\n" })
        #expect(
            await Processes.wait(within: .seconds(10)) { Processes.names(in: "\(directory)/fd") == ["0", "1", "2"] })
        #expect(Processes.contents("\(directory)/cmdline") == "spawn-host\0guard\0")
        #expect(Processes.names(in: "\(directory)/task").count == 1)
        #expect(!Processes.contents("\(directory)/environ").contains("PATH="))
    }

    @Test("a guard that was killed has a successor, which knows what was started before it")
    func rebirth() async throws {
        let fifo = try Fifo()
        let host = try await Host()
        _ = try await host.start(script("sleep 600 & wait", fifo))
        #expect(await fifo.read(1).count == 1)
        #expect(Glibc.kill(host.guardID, SIGKILL) == 0)
        #expect(await host.child.readLine() == "guard ended")
        let successor = try #require(Host.number(of: "guard", in: await host.child.readLine()))
        #expect(successor != host.guardID)
        host.kill()
        #expect(await fifo.ends(within: .seconds(1)))
    }

    @Test("what is started while there is no guard is known to the next one")
    func startedBetween() async throws {
        let fifo = try Fifo()
        let host = try await Host()
        #expect(Glibc.kill(host.guardID, SIGKILL) == 0)
        // It may be dead, dying, or dead and not yet missed when the start comes.
        host.child.write("\(script("sleep 600 & wait", fifo))\n")
        #expect(await fifo.read(1).count == 1)
        var lines: Set<String> = []
        for _ in 0..<3 { lines.insert(String(await host.child.readLine().prefix { !$0.isNumber })) }
        #expect(lines == ["guard ended", "guard ", "started "])
        host.kill()
        #expect(await fifo.ends(within: .seconds(1)))
    }

    @Test("a guard kills what it was told and not told to be gone, and nothing else")
    func table() async throws {
        let known = try await Harness.shell("sleep 600 & wait")
        let gone = try await Harness.shell("read line; echo $line")
        let again = try await Harness.shell("sleep 600")
        let stranger = try await Harness.shell("read line; echo $line")
        let guardian = try await Harness.spawn(SpawnRequest(executable: Host.path, arguments: ["host", "guard"]))
        let numbers = [known, gone, again, stranger].map(\.process.processID)
        // 0 and 1 would mean its own group and every process there is; others were never said to exist.
        guardian.write(
            records: [1, 0, -1, numbers[0], numbers[1], numbers[2], -numbers[2], -numbers[3], numbers[2], -numbers[1]])
        guardian.closeInput()
        #expect(await guardian.exitStatus == .exited(0))
        #expect(await known.exitStatus == .signalled(SIGKILL))
        #expect(await again.exitStatus == .signalled(SIGKILL))
        for child in [gone, stranger] {
            child.write("alive\n")
            #expect(await child.readLine() == "alive")
        }
    }

    @Test("what was not started by a gateway does not become a guard")
    func byHand() async throws {
        let guardian = try await Harness.shell("exec \(Host.path) guard </dev/null")
        #expect(await guardian.exitStatus == .exited(64))
        #expect(await guardian.readErrorToEnd() == "the guard is started by a running gateway, not by hand\n")
    }
}

extension RunningChild {
    fileprivate func write(records: [Int32]) {
        _ = records.withUnsafeBytes { Glibc.write(process.standardInput, $0.baseAddress, $0.count) }
    }
}
