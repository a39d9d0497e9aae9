import Downstream
import FuzzSupport
import GatewayCore
import Logging
import NIOCore
import Testing

@Suite("The front and whatever comes over the network", .timeLimit(.minutes(3 * Fuzzing.factor)))
struct FrontFuzzTests {
    /// How many connections are open at once.
    static let width = 8
    /// How many connections use the same sessions.
    static let batch = 64

    /// What becomes of a connection after the bytes have been sent.
    private enum Ending: CaseIterable, Sendable {
        /// The client closes its side, and reads what still comes.
        case closedHalf
        /// The client closes it at once.
        case closed
        /// The client waits for an answer, or until the gateway has had enough.
        case open
    }

    private struct Case: Sendable {
        let number: Int
        let pieces: [[UInt8]]
        let ending: Ending
        /// Those of the requests, if they are well-formed.
        var methods: [String] = []

        /// For a failure: which case it is and what was sent.
        func comment(_ what: String, _ seed: UInt64) -> Comment {
            let text = pieces.map { String(decoding: $0, as: UTF8.self).debugDescription }.joined(separator: " | ")
            return "\(what), seed \(seed), case \(number), \(ending): \(text)"
        }
    }

    @Test("well-formed requests are all answered, however the network cuts them", arguments: Fuzzing.seeds())
    func fuzzWellFormed(seed: UInt64) async throws {
        try await Self.run(seed: seed, settings: TestGateway.patient, atLeast: [200: 50, 202: 10, 400: 100, 404: 50]) {
            generator, _, number in
            let requests = generator.wellFormed()
            return Case(
                number: number, pieces: generator.pieces(of: requests.flatMap(\.bytes)), ending: .open,
                methods: requests.map(\.method))
        }
    }

    @Test("damaged requests get answers that are well-formed or a closed connection", arguments: Fuzzing.seeds(1...2))
    func fuzzDamaged(seed: UInt64) async throws {
        var settings = TestGateway.patient
        settings.requestTimeout = .milliseconds(100)
        settings.idleTimeout = .milliseconds(100)
        settings.headerLimit = 4096
        settings.bodyLimit = 4096
        try await Self.run(seed: seed, settings: settings, atLeast: [200: 8, 400: 100, 404: 10]) {
            generator, random, number in
            Case(
                number: number, pieces: generator.pieces(of: generator.damaged()),
                ending: Ending.allCases.randomElement(using: &random) ?? .open)
        }
    }

    /// Sends the cases to a front with these settings. Beside it stands one that gives its clients time, to see whether
    /// the gateway still works.
    ///
    /// - Parameter least: how many answers of some status codes the usual number of rounds must have brought.
    private static func run(
        seed: UInt64, settings: FrontSettings, atLeast least: [Int: Int],
        _ makeCase: @Sendable (inout RequestGenerator, inout SeededGenerator, Int) -> Case
    ) async throws {
        var settings = settings
        settings.connectionLimit = 2 * width
        settings.openAPI = OpenAPISettings(.below)
        let limits = GatewayLimits(sessionIdle: .seconds(1))
        try await TestGateway.run(limits: limits) { [settings] gateway in
            let front = try await HTTPFront.start(
                at: [.tcp(host: "127.0.0.1", port: 0)], gateway: gateway.gateway, settings: settings, logger: .quiet)
            let address = try #require(front.localAddresses.first)
            var generator = RequestGenerator(seed: seed)
            var random = SeededGenerator(seed: seed &+ 1)
            var statuses: [Int: Int] = [:]
            for batch in 0..<Fuzzing.rounds(6) {
                let headers = try await gateway.session()
                let stream = try await gateway.stream()
                try await gateway.initialize(stream)
                generator.session = headers["Mcp-Session-Id"] ?? ""
                generator.endpoint = stream.endpoint
                let cases = (0..<Self.batch).map { makeCase(&generator, &random, batch * Self.batch + $0) }
                for status in try await send(cases, seed, to: address) { statuses[status, default: 0] += 1 }
                try await checkService(of: gateway)
                try await stream.connection.close()
            }
            // Cases of one kind only would say nothing about the others.
            for (status, count) in least {
                #expect(statuses[status, default: 0] >= Fuzzing.rounds(count), "\(status): \(statuses)")
            }
            try await checkRoom(at: address, settings.connectionLimit)
            // Returns only when no connection is left.
            await front.shutdown(grace: .seconds(3600))
            while await gateway.gateway.status().sessions > 0 { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    /// - Returns: the status codes of all answers.
    private static func send(_ cases: [Case], _ seed: UInt64, to address: SocketAddress) async throws -> [Int] {
        try await withThrowingTaskGroup(of: [Int].self) { group in
            var statuses: [Int] = []
            for (index, fuzzCase) in cases.enumerated() {
                if index >= width { statuses += try await group.next() ?? [] }
                group.addTask { try await send(fuzzCase, seed, to: address) }
            }
            return try await group.reduce(into: statuses, +=)
        }
    }

    private static func send(_ fuzzCase: Case, _ seed: UInt64, to address: SocketAddress) async throws -> [Int] {
        let connection = try await TestConnection.open(address)
        var transcript = AnswerTranscript(methods: fuzzCase.methods)
        do {
            for piece in fuzzCase.pieces { try await connection.send(piece) }
            switch fuzzCase.ending {
            case .closedHalf: try await connection.close(halfway: true)
            case .closed: try await connection.close()
            case .open: break
            }
        } catch {
            // The gateway has closed the connection, as it may; what it wrote before can still be read.
        }
        var hasEnough = false
        while let bytes = await connection.bytes() {
            transcript.append(bytes)
            guard !hasEnough, isEnough(transcript, for: fuzzCase) else { continue }
            hasEnough = true
            try? await connection.close()
        }
        if let violation = transcript.violation {
            Issue.record(fuzzCase.comment(violation, seed))
        } else if !fuzzCase.methods.isEmpty {
            let isComplete = hasEnough || transcript.announcesEnd && !transcript.isCut
            guard isComplete, transcript.statuses.count <= fuzzCase.methods.count else {
                Issue.record(fuzzCase.comment("closed after \(transcript.statuses.count) answers", seed))
                return transcript.statuses
            }
        }
        return transcript.statuses
    }

    /// Whether the client has got what it waits for: as many answers as it sent requests, a stream, or any at all when
    /// nobody knows how many are due.
    private static func isEnough(_ transcript: AnswerTranscript, for fuzzCase: Case) -> Bool {
        if transcript.violation != nil { return true }
        guard fuzzCase.methods.isEmpty else {
            return transcript.statuses.count >= fuzzCase.methods.count
                || transcript.isStreaming && fuzzCase.methods[transcript.statuses.count] == "GET"
        }
        return transcript.isStreaming || fuzzCase.ending == .open && transcript.statuses.count > 0
    }

    /// A client that does everything right is served.
    private static func checkService(of gateway: TestGateway) async throws {
        let headers = try await gateway.session()
        let answer = try await gateway.exchange(
            "POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "7"))
        #expect(answer.body == #"{"jsonrpc":"2.0","id":7,"result":{"content":[],"tool":"echo"}}"#)
    }

    /// Waits until as many connections as the front allows have been served at once: none of those before is left.
    private static func checkRoom(at address: SocketAddress, _ limit: Int) async throws {
        var isServed = false
        while !isServed {
            var connections: [TestConnection] = []
            for _ in 0..<limit { connections.append(try await TestConnection.open(address)) }
            var served = 0
            for connection in connections {
                if (try? await connection.exchange("GET", "/livez").status) == 200 { served += 1 }
            }
            for connection in connections { try? await connection.close() }
            isServed = served == limit
        }
    }
}

extension Logger {
    /// Says nothing of what clients do wrong.
    fileprivate static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
