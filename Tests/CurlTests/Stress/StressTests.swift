import Curl
import FuzzSupport
import Glibc
import NIOCore
import Synchronization
import TestHTTP
import Testing

/// Many transfers at once, ended at any moment.
@Suite("Stress", .timeLimit(.minutes(5))) struct StressTests {
    private static let requests = 10_000
    private static let workers = 40

    /// In a process of its own, so that all descriptors are ours. Under AddressSanitizer that process fails if it leaks.
    @Test("10 000 requests, cancelled at random from any thread, leave nothing behind")
    func fuzzedCancelling() async {
        await #expect(processExitsWith: .success) {
            for seed in Fuzzing.seeds() {
                let server = try await TestHTTPServer.start(handler: StressServer.answer)
                let consuming = Task {
                    for await _ in server.requests {}
                }
                // What NIO opens once is open from now on.
                try await StressTests.run(1, seed: seed, server: server)
                let before = StressTests.descriptors()
                try await StressTests.run(StressTests.requests, seed: seed, server: server)
                let after = StressTests.descriptors()
                try check(after == before, "\(after) descriptors, \(before) before")
                await server.stop()
                await consuming.value
            }
        }
    }

    private static func run(_ count: Int, seed: UInt64, server: TestHTTPServer) async throws {
        let tally = Tally()
        do {
            let client = try HTTPClient()
            await withTaskGroup { group in
                for worker in 0..<workers {
                    group.addTask {
                        var random = SeededGenerator(seed: seed &+ UInt64(worker))
                        for _ in 0..<max(count / workers, 1) {
                            let player = StressPlayer(tally: tally, plan: StressPlan(&random))
                            await player.play(on: client, to: server)
                        }
                    }
                }
            }
            client.shutdown()
        }
        try check(tally.violations == [], "\(tally.violations)")
        try check(tally.ends == tally.starts, "\(tally.ends) ends of \(tally.starts) transfers")
        try check(tally.live == 0, "\(tally.live) receivers are still there")
        try check(tally.liveTransfers == 0, "\(tally.liveTransfers) transfers are still there")
        // The server hears of the last ones a little later.
        while server.openConnections > 0 { try await Task.sleep(for: .milliseconds(5)) }
        print("stress: seed \(seed), \(tally.starts) transfers, of which \(tally.summary)")
    }

    private static func descriptors() -> Int {
        guard let directory = opendir("/proc/self/fd") else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }
}
