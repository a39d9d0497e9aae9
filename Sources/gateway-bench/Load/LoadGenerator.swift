internal import NIOCore

/// The clients, all on one event loop.
actor LoadGenerator {
    /// What one row of the table asks for.
    struct Cell: Sendable {
        let transport: Transport
        let textSize: Int
        let sessions: Int

        /// Calls in flight. With long texts not every session can have one: the gateway holds no more than 64 MiB for
        /// a server that is slow to read.
        var window: Int { min(sessions, max(1, (32 << 20) / textSize)) }
    }

    /// How long a row takes.
    struct Pace: Sendable {
        let warmUp: TimeAmount
        let measured: TimeAmount
        /// How often the two servers take turns.
        let rounds: Int
    }

    /// What is called, and the process whose CPU time it costs.
    struct Subject: Sendable {
        let target: Target
        let processID: Int32
    }

    private static let patience = TimeAmount.seconds(20)

    nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        executor = eventLoop.executor
    }

    /// Measures texts of several sizes over the same sessions, on each subject in turn.
    ///
    /// - Returns: per cell the figures of each subject.
    func measure(
        _ cells: [Cell], on subjects: [Subject], pace: Pace
    ) async throws -> [(cell: Cell, figures: [CallRun.Figures])] {
        guard let first = cells.first else { return [] }
        var rows: [(cell: Cell, figures: [CallRun.Figures])] = []
        var fleets: [[any Session]] = []
        for subject in subjects {
            fleets.append(try await open(first.sessions, first.transport, subject.target))
        }
        for cell in cells {
            let payload = Payload(size: cell.textSize, over: cell.transport)
            var figures = subjects.map { _ in CallRun.Figures() }
            for _ in 0..<pace.rounds {
                for index in subjects.indices {
                    let part = try await run(fleets[index], cell, payload, subjects[index].processID, pace)
                    figures[index].latencies += part.latencies
                    figures[index].elapsed += part.elapsed
                    figures[index].cpu += part.cpu
                }
            }
            rows.append((cell, figures))
        }
        for session in fleets.joined() { session.close() }
        return rows
    }

    private func run(
        _ sessions: [any Session], _ cell: Cell, _ payload: Payload, _ processID: Int32, _ pace: Pace
    ) async throws -> CallRun.Figures {
        let limit = Self.patience + pace.warmUp + pace.measured
        return try await Pending.wait(
            "\(cell.sessions) sessions with \(cell.textSize) bytes", limit: limit, on: eventLoop
        ) { done in
            CallRun(
                sessions, payload: payload, window: cell.window,
                readCPU: { ProcessFigures.cpuNanoseconds(of: processID) }, done: done
            ).begin(warmUp: pace.warmUp, measured: pace.measured)
        }
    }

    /// Makes so many calls in a row over one session.
    func call(_ target: Target, _ transport: Transport, count: Int, textSize: Int) async throws {
        let session = try await open(transport, target)
        let payload = Payload(size: textSize, over: transport)
        for number in 0..<count {
            let (request, answer) = payload.call(session: 0, number: number)
            try await exchange(session, request, answer)
        }
        session.close()
    }

    /// Tries until somebody listens, initializes and lists the tools: what a client that waits for the gateway does.
    func untilToolsAreListed(_ target: Target, patience: TimeAmount = patience) async throws {
        let end = NIODeadline.now() + patience
        while true {
            let session = StreamableSession(target, on: eventLoop)
            do {
                try await connect(session)
            } catch {
                guard NIODeadline.now() < end else { throw error }
                try await pause(.microseconds(200))
                continue
            }
            try await initialize(session)
            try await exchange(session, .listTools, .anyResult(ByteBuffer()))
            return session.close()
        }
    }

    /// The time from opening a connection for `GET /NAME/sse` to the endpoint event, in nanoseconds, one after another.
    func timesToEndpoint(_ target: Target, count: Int) async throws -> [UInt32] {
        var times: [UInt32] = []
        for _ in 0..<count {
            let session = LegacySession(target, on: eventLoop)
            let start = NIODeadline.now()
            try await connect(session)
            times.append(UInt32(clamping: (NIODeadline.now() - start).nanoseconds))
            session.close()
        }
        return times
    }

    /// The growth of `processID`'s memory by clients that are initialized and then only listen, in bytes for each.
    func memoryPerIdleStream(_ subject: Subject, count: Int) async throws -> Int {
        // What the first few need once, such as pages of the program, is not theirs.
        let first = try await openIdle(20, subject.target)
        try await pause(.milliseconds(200))
        let before = ProcessFigures.residentBytes(of: subject.processID)
        let sessions = try await openIdle(count, subject.target)
        try await pause(.milliseconds(300))
        let after = ProcessFigures.residentBytes(of: subject.processID)
        for session in first + sessions { session.close() }
        return (after - before) / count
    }

    func pause(_ time: TimeAmount) async throws {
        try await eventLoop.scheduleTask(in: time) {}.futureResult.get()
    }

    private func openIdle(_ count: Int, _ target: Target) async throws -> [LegacySession] {
        var sessions: [LegacySession] = []
        for _ in 0..<count {
            let session = LegacySession(target, on: eventLoop)
            try await connect(session)
            try await initialize(session)
            session.rest()
            sessions.append(session)
        }
        return sessions
    }

    private func open(_ count: Int, _ transport: Transport, _ target: Target) async throws -> [any Session] {
        var sessions: [any Session] = []
        for _ in 0..<count { sessions.append(try await open(transport, target)) }
        return sessions
    }

    private func open(_ transport: Transport, _ target: Target) async throws -> any Session {
        let session = transport.session(with: target, on: eventLoop)
        try await connect(session)
        if transport == .modern {
            try await exchange(session, .discover, .anyResult(ByteBuffer()))
        } else {
            try await initialize(session)
        }
        return session
    }

    private func connect(_ session: any Session) async throws {
        try await Pending.wait("connecting", limit: Self.patience, on: eventLoop) { session.connect($0) }
    }

    private func initialize(_ session: any Session) async throws {
        try await exchange(session, .initialize, .anyResult(ByteBuffer()))
        try await exchange(session, .initialized, .nothing)
    }

    private func exchange(_ session: any Session, _ body: RequestBody, _ answer: AwaitedAnswer) async throws {
        try await Pending.wait("an answer", limit: Self.patience, on: eventLoop) {
            session.exchange(body, awaiting: answer, $0)
        }
    }
}
