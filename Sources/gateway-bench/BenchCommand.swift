internal import ArgumentParser
internal import NIOCore
internal import NIOPosix
internal import Spawn

/// `gateway-bench`: all measurements but the count of instructions.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Measures calls, connections, memory and the start.")

    @Option(help: "The gateway's executable.")
    var gateway: String

    @Option(help: "The core of the gateway, and of the server that is called directly.")
    var serverCore: Int?

    @Option(help: "The core that this program was started on; the server behind the gateway runs there too.")
    var clientCore: Int?

    @Flag(help: "Take a fifth of the time.")
    var quick = false

    func run() async throws {
        let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let bench = Bench(
            gateway: gateway, serverCore: serverCore, clientCore: clientCore, eventLoop: eventLoop,
            spawner: try ProcessSpawner())
        defer { File.remove(bench.configuration) }
        let clients = LoadGenerator(on: eventLoop)
        var aims = Aims()
        try await measureStart(bench, clients, &aims)
        try await measureRest(bench, clients, &aims)
        try await measureCalls(bench, clients, &aims)
        aims.show()
    }

    private func measureStart(_ bench: Bench, _ clients: LoadGenerator, _ aims: inout Aims) async throws {
        var times: [UInt32] = []
        // The first start reads the program from the disk.
        for round in 0...(quick ? 5 : 20) {
            let start = NIODeadline.now()
            let (process, subject) = try await bench.startGateway()
            try await clients.untilToolsAreListed(subject.target)
            if round > 0 { times.append(UInt32(clamping: (NIODeadline.now() - start).nanoseconds)) }
            try await process.stop()
        }
        let distribution = Distribution(times)
        let median = distribution.microseconds(at: 0.5) / 1000
        Text.show(
            """
            From the start of the process to the first tools/list answer: median \(Text.number(median, decimals: 1)) ms, \
            longest \(Text.number(distribution.microseconds(at: 1) / 1000, decimals: 1)) ms of \(times.count)
            """)
        aims.check("Start to first tools/list, median", median, atMost: 25, unit: "ms")
    }

    private func measureRest(_ bench: Bench, _ clients: LoadGenerator, _ aims: inout Aims) async throws {
        let (process, subject) = try await bench.startGateway()
        try await clients.untilToolsAreListed(subject.target)
        try await clients.pause(.seconds(1))
        let rest = Double(ProcessFigures.residentBytes(of: process.processID)) / Double(1 << 20)
        let own = Double(ProcessFigures.residentBytes(of: process.processID, .own)) / Double(1 << 20)
        Text.show(
            """
            Memory at rest: \(Text.number(rest, decimals: 1)) MiB; \(Text.number(own, decimals: 1)) MiB without pages of \
            the program's and libraries' files
            """)
        aims.check("Memory at rest", rest, atMost: 16, unit: "MiB")

        let distribution = Distribution(try await clients.timesToEndpoint(subject.target, count: quick ? 100 : 500))
        let p50 = distribution.microseconds(at: 0.5) / 1000
        let p99 = distribution.microseconds(at: 0.99) / 1000
        Text.show(
            """
            From connecting for GET /NAME/sse to the endpoint event: p50 \(Text.number(p50, decimals: 2)) ms, \
            p99 \(Text.number(p99, decimals: 2)) ms of \(distribution.count)
            """)
        aims.check("HTTP+SSE established, p99", p99, atMost: 5, unit: "ms", decimals: 2)

        let count = 1000
        let perStream = Double(try await clients.memoryPerIdleStream(subject, count: count)) / 1024
        Text.show("Memory per idle HTTP+SSE client: \(Text.number(perStream, decimals: 1)) KiB, with \(count) of them")
        aims.check("Memory per idle HTTP+SSE client", perStream, atMost: 12, unit: "KiB")
        try await process.stop()
    }

    private func measureCalls(_ bench: Bench, _ clients: LoadGenerator, _ aims: inout Aims) async throws {
        let (gatewayProcess, gateway) = try await bench.startGateway()
        let (directProcess, direct) = try await bench.startDirect()
        try await clients.untilToolsAreListed(gateway.target)
        try await clients.untilToolsAreListed(direct.target)
        let pace = LoadGenerator.Pace(
            warmUp: .milliseconds(quick ? 40 : 200), measured: .milliseconds(quick ? 160 : 500), rounds: quick ? 1 : 2)
        Text.show("\nCalls of an echo tool, every answer checked; direct is the same server without the gateway")
        var table = CallTable()
        table.showHead()
        for transport in Transport.compared {
            for sessions in [1, 10, 100, 1000] {
                let cells = [64, 16 << 10, 1 << 20].map { size in
                    LoadGenerator.Cell(transport: transport, textSize: size, sessions: sessions)
                }
                for (cell, figures) in try await clients.measure(cells, on: [direct, gateway], pace: pace) {
                    table.add(cell, direct: figures[0], gateway: figures[1])
                }
            }
        }
        table.check(&aims, sessions: 10)
        try await gatewayProcess.stop()
        try await directProcess.stop()
    }
}
