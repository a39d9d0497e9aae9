internal import GatewayLog
internal import JSONRPC
internal import Logging
internal import MCP
internal import NIOCore

// What comes from the server.

extension ManagedServer {
    func handle(_ event: UpstreamEvent, of generation: Generation) {
        guard generation == self.generation else { return }
        switch event {
        case .spawned(let processID):
            self.processID = processID
            logger.log(.serverSpawned, [.pid: "\(processID)", .generation: "\(generation)"])
        case .ready(let description):
            becameReady(description, generation)
        case .unusable(let reason):
            connectionFailed(reason, generation)
        case .message(let message, let call):
            probe.heard(now: now)
            route(message, during: call)
        case .unsent(let line):
            takeBack(line)
        case .callLost(let id, let reason):
            failLost(id, reason)
        case .unusableOutput(let line):
            // Whoever writes what is no message lives all the same.
            probe.heard(now: now)
            logUnusable(line)
            failUnusable(line)
        case .oversizedMessage(let id):
            probe.heard(now: now)
            failOversized(id)
        case .toolsHidden(let tools):
            hide(tools)
        case .standardError(let line):
            standardError.append(line)
            logStandardError(line)
            onStandardError?(name, line)
        case .probeComplaint(let line):
            logProbeComplaint(line)
        case .ended(let cause, let isPermanent):
            connectionEnded(cause, isPermanent: isPermanent, generation)
        }
    }

    /// Each is told once in a life.
    private func hide(_ tools: [HiddenTool]) {
        hiddenTools = tools
        for tool in tools where toldHidden.count < Self.toldHiddenLimit && toldHidden.insert(tool.name).inserted {
            logger.log(.toolHidden, [.tool: "\(tool.name.cut(to: 100))", .reason: "\(tool.reason.cut(to: 600))"])
        }
    }

    private func route(_ message: Message, during call: RequestID?) {
        switch message.kind {
        case .response: answer(with: message)
        case .notification: passOn(message, during: call)
        case .request: take(question: message, during: call)
        }
    }

    private func answer(with message: Message) {
        guard let (upstreamID, exchange, answer) = multiplexer.close(answeredBy: message) else {
            guard let id = message.id, probe.take(answerTo: id) || takeOwn(message, id) else {
                return logWithinAllowance(.answerDropped)
            }
            return
        }
        if !questions.isEmpty { end(questions.removeAll(for: upstreamID), because: "the call has been answered") }
        if message.envelope.error != nil { noteElicitations(demandedBy: message, of: exchange.caller) }
        exchange.sink.finish(.message(answer))
    }

    private func passOn(_ notification: Message, during call: RequestID?) {
        let method = notification.methodName ?? ""
        switch method {
        case "notifications/progress":
            let deadline = now + specification.callTimeout
            if let (sink, progress) = multiplexer.progress(notification, extendingTo: deadline) {
                sink.deliver(progress)
            }
        case "notifications/message":
            deliverLog(notification, during: call)
        case "notifications/cancelled":
            withdraw(notification)
        case "notifications/resources/updated":
            deliverUpdate(notification)
        case "notifications/elicitation/complete":
            deliverCompletion(notification)
        default:
            if let feature = Feature.allCases.first(where: { $0.listChangedMethod == method }) {
                listChanged(feature)
            } else if !deliverToOwner(notification, method) {
                dropNotification(method.cut(to: 100), because: .unknown)
            }
        }
    }

    /// Ends a call that the server will not answer as it should.
    private func giveUp(_ id: RequestID) -> Multiplexer.Exchange? {
        guard let upstreamID = Multiplexer.upstreamID(id) else { return nil }
        failOwn(upstreamID)
        guard let exchange = multiplexer.remove(upstreamID) else { return nil }
        end(questions.removeAll(for: upstreamID), because: "the call has ended")
        return exchange
    }

    private func failLost(_ id: RequestID, _ reason: String) {
        guard let exchange = giveUp(id) else { return probe.lost(id, now: now) }
        logLostCalls(1, reason)
        exchange.sink.finish(.unavailable(lostCall(reason), id: exchange.id))
    }

    /// Nobody should wait for a better answer than the one that came.
    private func failUnusable(_ line: UnusableLine) {
        guard let id = line.answeredID, let exchange = giveUp(id) else { return }
        exchange.sink.finish(
            .message(
                MessageBuilder.error(
                    id: exchange.id, code: ErrorCode.internalError.rawValue,
                    message: "server \"\(name)\" answered with what is no JSON-RPC message: \(line.reason)")))
    }

    private func failOversized(_ id: RequestID?) {
        logWithinAllowance(.messageTooLong, [.limit: "\(specification.messageLimit)"])
        guard let id, let exchange = giveUp(id) else { return }
        exchange.sink.finish(
            .message(
                MessageBuilder.error(
                    id: exchange.id, code: ErrorCode.internalError.rawValue,
                    message: "the answer of server \"\(name)\" is longer than \(specification.messageLimit) bytes "
                        + "(limits.messageBytes)")))
    }
}
