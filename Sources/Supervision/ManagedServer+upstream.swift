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
        case .message(let message, _):
            probe.heard(now: now)
            route(message)
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
        case .standardError(let line):
            standardError.append(line)
            logStandardError(line)
            onStandardError?(name, line)
        case .ended(let cause, let isPermanent):
            connectionEnded(cause, isPermanent: isPermanent, generation)
        }
    }

    private func route(_ message: Message) {
        switch message.kind {
        case .response: answer(with: message)
        case .notification: passOn(message)
        case .request: refuse(message)
        }
    }

    private func answer(with message: Message) {
        guard let (exchange, answer) = multiplexer.close(answeredBy: message) else {
            guard let id = message.id, probe.take(answerTo: id) else { return logWithinAllowance(.answerDropped) }
            return
        }
        exchange.sink.finish(.message(answer))
    }

    private func passOn(_ notification: Message) {
        let method = notification.methodName ?? ""
        switch method {
        case "notifications/progress":
            let deadline = now + specification.callTimeout
            if let (sink, progress) = multiplexer.progress(notification, extendingTo: deadline) {
                sink.deliver(progress)
            }
        case "notifications/message":
            // Its text may concern any caller: only when one call alone is in flight is it certain whose it is.
            multiplexer.onlyExchange?.sink.deliver(notification.singleLine)
        default:
            if let feature = Feature.allCases.first(where: { $0.listChangedMethod == method }) {
                for observer in observers.values { observer.listChanged(feature) }
            } else {
                logWithinAllowance(.notificationDropped, [.method: "\(method.cut(to: 100))"])
            }
        }
    }

    /// Answers what the server asks of its client. The gateway declared no client capability, so only a ping is due.
    private func refuse(_ request: Message) {
        guard let id = request.id else { return }
        if request.isMethod("ping") {
            tell(MessageBuilder.result(id: id, ByteBuffer(string: "{}")))
        } else {
            tell(
                MessageBuilder.error(
                    id: id, code: ErrorCode.methodNotFound.rawValue,
                    message: "the gateway declared no capability for \(request.methodName ?? "this method")"))
        }
    }

    private func failLost(_ id: RequestID, _ reason: String) {
        guard let exchange = multiplexer.remove(upstreamID: id) else { return probe.lost(id, now: now) }
        logLostCalls(1, reason)
        exchange.sink.finish(.unavailable(lostCall(reason), id: exchange.id))
    }

    /// Nobody should wait for a better answer than the one that came.
    private func failUnusable(_ line: UnusableLine) {
        guard let id = line.answeredID, let exchange = multiplexer.remove(upstreamID: id) else { return }
        exchange.sink.finish(
            .message(
                MessageBuilder.error(
                    id: exchange.id, code: ErrorCode.internalError.rawValue,
                    message: "server \"\(name)\" answered with what is no JSON-RPC message: \(line.reason)")))
    }

    private func failOversized(_ id: RequestID?) {
        logWithinAllowance(.messageTooLong, [.limit: "\(specification.messageLimit)"])
        guard let id, let exchange = multiplexer.remove(upstreamID: id) else { return }
        exchange.sink.finish(
            .message(
                MessageBuilder.error(
                    id: exchange.id, code: ErrorCode.internalError.rawValue,
                    message: "the answer of server \"\(name)\" is longer than \(specification.messageLimit) bytes "
                        + "(limits.messageBytes)")))
    }
}
