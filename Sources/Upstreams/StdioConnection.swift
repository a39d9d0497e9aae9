internal import Glibc
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOPosix
internal import Spawn
internal import Supervision

/// One life of a child process that speaks MCP on its stdin and stdout.
///
/// It ends when the process has exited *and* its stdout and stderr are read to the end, so that neither a last answer
/// nor the reason is lost; or 200 ms after the exit, when something else still holds a pipe.
actor StdioConnection: UpstreamConnection {
    /// How long the pipes may stay open after the process has exited.
    private static let lastWords = TimeAmount.milliseconds(200)
    /// How long the exit may take after a pipe was closed: long, so that even on a busy machine a crash is told by
    /// its status.
    private static let dyingTime = TimeAmount.seconds(1)

    private let specification: ServerSpecification
    private let author: RequestAuthor
    private let memory: EraMemory
    /// How long the server may be silent before `initialize` is sent as well. One that starts slowly finds both.
    private let probePatience: Duration
    /// How much may wait in the gateway for a child that does not read its stdin.
    private let backlogLimit: Int
    private let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    private let onEvent: @Sendable (UpstreamEvent) -> Void

    private var process: SpawnedProcess?
    private var standardInput: ChildInput?
    /// The same, once messages are written to it as they come: to do so costs less than to enter the actor.
    private nonisolated let directInput: NIOLoopBoundBox<ChildInput?>
    private var readers: [ReadPipe: any Channel] = [:]
    private var probe: EraProbe
    private var complaint = ProbeComplaint()
    /// The end of the wait for an answer to what the server may not understand.
    private var patience: Scheduled<Void>?
    private var isReady = false
    /// What a server of MCP 2026-07-28 is spoken to through.
    private var link: ModernLink?
    private var noise = NoiseGauge()
    private var wantsInputClosed = false
    private var signalBeforeSpawn: Int32?
    private var exit: ExitReport.Cause?
    private var unreadPipes = Set(ReadPipe.allCases)
    private var hasEnded = false

    private enum ReadPipe: CaseIterable {
        case standardOutput
        case standardError
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        specification: ServerSpecification, handshake: Handshake, author: RequestAuthor, memory: EraMemory,
        probePatience: Duration, backlogLimit: Int, eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) {
        self.specification = specification
        self.author = author
        self.memory = memory
        self.probePatience = probePatience
        probe = EraProbe(
            specification.era, remembered: memory.era(of: specification), handshake: handshake,
            discovery: Discovery(author: author))
        self.backlogLimit = backlogLimit
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        directInput = .makeEmptyBox(eventLoop: eventLoop)
        self.onEvent = onEvent
    }

    // MARK: UpstreamConnection

    nonisolated func send(_ message: ByteBuffer, context: CallContext) throws(UpstreamSendFailure) {
        if let input = directInput.value { return try input.write(message) }
        try assumeIsolated { connection in
            Result { () throws(UpstreamSendFailure) in
                guard let link = connection.link else { return try connection.write(message) }
                try link.send(message, context)
            }
        }.get()
    }

    nonisolated func closeInput() {
        assumeIsolated { $0.endInput() }
    }

    nonisolated func terminate() {
        assumeIsolated { $0.signal(SIGTERM) }
    }

    nonisolated func kill() {
        assumeIsolated { $0.signal(SIGKILL) }
    }

    /// Whether the server ended after it was asked what it is, before it said anything.
    var diedOfQuestion: Bool { !isReady && exit != nil && probe.isUnanswered }

    // MARK: Opening

    func open(with spawner: ProcessSpawner) {
        guard case .process(let command) = specification.launch else {
            return end(.notStarted(reason: "it is no process"), isPermanent: true)
        }
        let request: SpawnRequest
        do throws(ExecutableNotFound) {
            let path = try ExecutableSearch.find(
                command.command, environment: command.environment, workingDirectory: command.workingDirectory)
            request = SpawnRequest(
                executable: path, arguments: [command.command] + command.arguments,
                environment: command.environment, workingDirectory: command.workingDirectory)
        } catch {
            return end(.notStarted(reason: error.description), isPermanent: true)
        }
        do throws(SpawnFailure) {
            try spawner.spawn(request) { result in
                self.eventLoop.execute { self.assumeIsolated { $0.spawned(result) } }
            } onExit: { status in
                self.eventLoop.execute { self.assumeIsolated { $0.exited(status) } }
            }
        } catch {
            end(.notStarted(reason: error.description), isPermanent: error.isPermanent)
        }
    }

    private func spawned(_ result: Result<SpawnedProcess, SpawnFailure>) {
        switch result {
        case .failure(let failure):
            end(.notStarted(reason: failure.description), isPermanent: failure.isPermanent)
        case .success(let process):
            self.process = process
            onEvent(.spawned(processID: process.processID))
            if let signalBeforeSpawn { _ = process.signalGroup(signalBeforeSpawn) }
            connectPipes(of: process)
        }
    }

    private func connectPipes(of process: SpawnedProcess) {
        let outputLimit = specification.messageLimit
        read(.standardOutput, at: process.standardOutput, LineFramer(maximumLength: outputLimit)) { connection, line in
            connection.takeOutput(line)
        }
        let errorLimit = specification.standardErrorLineLimit
        let errorFramer = LineFramer(maximumLength: errorLimit, headLength: errorLimit)
        read(.standardError, at: process.standardError, errorFramer) { connection, line in
            connection.takeStandardError(line)
        }
        PipeEnd.writing(process.standardInput).open(on: eventLoop)
            .assumeIsolated()
            .whenComplete { result in self.assumeIsolated { $0.inputConnected(result) } }
    }

    private func read(
        _ pipe: ReadPipe, at descriptor: CInt, _ framer: LineFramer,
        onLine: @escaping @Sendable (isolated StdioConnection, LineFramer.Line) -> Void
    ) {
        PipeEnd.reading(descriptor)
            .open(on: eventLoop) { channel in
                try channel.pipeline.syncOperations.addHandler(
                    LineHandler(framer) { line in
                        self.assumeIsolated { onLine($0, line) }
                    } onEnd: {
                        self.assumeIsolated { $0.ended(pipe) }
                    })
            }
            .assumeIsolated()
            .whenComplete { result in
                self.assumeIsolated { connection in
                    switch result {
                    case .failure(let error):
                        connection.onEvent(.unusable(reason: "one of its pipes could not be opened: \(error)"))
                        connection.ended(pipe)
                    case .success(let channel) where connection.hasEnded: channel.close(promise: nil)
                    case .success(let channel): connection.readers[pipe] = channel
                    }
                }
            }
    }

    private func inputConnected(_ result: Result<any Channel, any Error>) {
        switch result {
        case .failure(let error):
            onEvent(.unusable(reason: "one of its pipes could not be opened: \(error)"))
        case .success(let channel) where hasEnded || wantsInputClosed:
            channel.close(promise: nil)
        case .success(let channel):
            standardInput = ChildInput(channel, backlogLimit: backlogLimit)
            channel.closeFuture.assumeIsolated().whenComplete { _ in self.assumeIsolated { $0.inputEnded() } }
            begin()
        }
    }

    private func begin() {
        push(probe.begin())
        guard probe.hasPatience else { return }
        patience = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(probePatience)) {
            self.assumeIsolated { $0.take($0.probe.silent()) }
        }
    }

    // MARK: Reading

    private func takeOutput(_ line: LineFramer.Line) {
        switch line {
        case .oversized(let head):
            let id = Envelope.salvageID(in: head)
            if let link { link.oversized(id) } else { onEvent(.oversizedMessage(id: id)) }
        case .line(let bytes):
            // A flood of what is not even an object must not cost a scan for each line.
            guard bytes.beginsLikeJSON else { return takeNoise(UnusableLine(bytes, reason: .notJSON(offset: 0))) }
            do throws(ScanError) {
                take(try Message(bytes))
            } catch {
                let found = Envelope.salvaging(bytes)
                let id = found.method == nil ? Envelope.salvageID(in: bytes) : nil
                takeNoise(UnusableLine(bytes, reason: error, answeredID: id))
            }
        }
    }

    private func takeNoise(_ line: UnusableLine) {
        switch noise.count(at: .now()) {
        case .bearable: if let link { link.unusable(line) } else { onEvent(.unusableOutput(line)) }
        case .tooMuch:
            // The pipe fills up, and the server waits for its end.
            readers[.standardOutput]?.setOption(.autoRead, value: false).whenComplete { _ in }
            onEvent(.unusable(reason: "it floods its stdout with what is no MCP message"))
        case .reported: break
        }
    }

    private func take(_ message: Message) {
        if let link { return link.receive(message) }
        guard !isReady else { return onEvent(.message(message)) }
        take(probe.step(message))
    }

    private func take(_ step: EraProbe.Step) {
        switch step {
        case .wait:
            return
        case .send(let messages):
            // One that asks and asks but does not read must not fill the memory.
            for message in messages { try? write(message) }
        case .legacy(let description, let initialized):
            push(initialized)
            directInput.value = standardInput
            becomeReady(description, .legacy)
        case .modern(let description):
            let link = ModernLink(
                ModernConversation(
                    with: specification.name, as: description, author: author, isOverHTTP: false,
                    nonce: .random(in: .min ... .max)),
                over: wire, on: eventLoop, report: { [onEvent] in onEvent($0) },
                mistaken: { [onEvent] in onEvent(.unusable(reason: $0)) })
            self.link = link
            link.begin()
            becomeReady(description, .modern)
        case .fail(let reason):
            memory.remember(nil, of: specification)
            onEvent(.unusable(reason: reason))
        }
    }

    private func becomeReady(_ description: ServerDescription, _ era: RememberedEra) {
        patience?.cancel()
        patience = nil
        isReady = true
        memory.remember(era, of: specification)
        onEvent(.ready(description))
    }

    /// Called where this actor is.
    private var wire: ModernLink.Wire {
        ModernLink.Wire { request throws(UpstreamSendFailure) in
            try self.assumeIsolated { connection in
                Result { () throws(UpstreamSendFailure) in try connection.write(request.line) }
            }.get()
        } cancel: { id in
            self.assumeIsolated { connection in
                let params = JSONText.object([("requestId", id.json)])
                try? connection.write(MessageBuilder.notification(method: "notifications/cancelled", params: params))
            }
        }
    }

    private func takeStandardError(_ line: LineFramer.Line) {
        let text =
            switch line {
            case .line(let bytes): String(buffer: bytes)
            case .oversized(let head): String(buffer: head) + "…"
            }
        let isExpected = probe.hasAsked && complaint.takes(text)
        onEvent(isExpected ? .probeComplaint(line: text) : .standardError(line: text))
    }

    // MARK: Writing

    private func write(_ message: ByteBuffer) throws(UpstreamSendFailure) {
        guard let standardInput else { throw .closed }
        try standardInput.write(message)
    }

    private func push(_ message: ByteBuffer) {
        standardInput?.push(message)
    }

    // MARK: Ending

    private func endInput() {
        wantsInputClosed = true
        standardInput?.end()
    }

    private func signal(_ number: Int32) {
        if let process { _ = process.signalGroup(number) } else { signalBeforeSpawn = number }
    }

    private func inputEnded() {
        if !wantsInputClosed { lost("it closed its stdin") }
    }

    private func ended(_ pipe: ReadPipe) {
        unreadPipes.remove(pipe)
        endIfComplete()
        if pipe == .standardOutput { lost("it closed its stdout") }
    }

    /// Without one of its pipes the server is of no use. But almost always the process is exiting, and its status
    /// says more than this.
    private func lost(_ reason: String) {
        guard !hasEnded, exit == nil else { return }
        eventLoop.assumeIsolated().scheduleTask(in: Self.dyingTime) {
            self.assumeIsolated { connection in
                if connection.exit == nil { connection.onEvent(.unusable(reason: reason)) }
            }
        }
    }

    private func exited(_ status: ExitStatus) {
        exit =
            switch status {
            case .exited(let code): .exited(status: code)
            case .signalled(let number): .signalled(number)
            }
        endIfComplete()
        guard !hasEnded else { return }
        eventLoop.assumeIsolated().scheduleTask(in: Self.lastWords) {
            self.assumeIsolated { connection in
                connection.unreadPipes = []
                connection.endIfComplete()
            }
        }
    }

    private func endIfComplete() {
        guard let exit, unreadPipes.isEmpty else { return }
        end(exit, isPermanent: false)
    }

    private func end(_ cause: ExitReport.Cause, isPermanent: Bool) {
        guard !hasEnded else { return }
        hasEnded = true
        patience?.cancel()
        link?.stop()
        link = nil
        process = nil
        standardInput?.close()
        // What stands unfinished in a reader comes out now, before the last event.
        for reader in readers.values { reader.close(promise: nil) }
        readers = [:]
        // It may have choked on the question, so it is not asked again so soon.
        if !isReady, probe.isUnanswered { memory.remember(.legacy, of: specification) }
        onEvent(.ended(cause, isPermanent: isPermanent))
    }
}
