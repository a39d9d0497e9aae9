internal import GatewayLog
internal import JSONRPC
internal import Logging
internal import NIOCore

// The shell around the probe: one timer while the server is ready, which no message touches.

extension ManagedServer {
    /// The server is ready, or has opened its session anew.
    func beginProbing() {
        guard !probe.isWatching else { return probe.heard(now: now) }
        probe.begin(now: now)
        scheduleLook()
    }

    func endProbing() {
        probe.end()
        look?.cancel()
        look = nil
    }

    /// Calls have been given up: perhaps not they are slow, but the server is dead.
    func lookAfterGivenUpCalls() {
        guard probe.gaveUp(after: specification.callTimeout, now: now) else { return }
        look?.cancel()
        takeLook()
    }

    /// A line that never reached the server and is no call's.
    func noteUnsent(_ line: ByteBuffer) {
        guard let id = (try? Message(line))?.id else { return }
        probe.lost(id, now: now)
        // Requests of the gateway's own are made again when the connection is ready again.
    }

    /// Whether there are calls that wait for the server, and not the server for what it has asked in the course of them.
    var owesAnswers: Bool {
        guard !questions.isEmpty else { return !multiplexer.isEmpty }
        return multiplexer.exchanges.contains { !questions.holdUp($0.key, of: $0.value.caller) }
    }

    private func scheduleLook() {
        let now = now
        guard let next = probe.nextLook(isBusy: !multiplexer.isEmpty, now: now) else { return }
        look = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(max(next - now, .zero))) {
            self.assumeIsolated { $0.takeLook() }
        }
    }

    private func takeLook() {
        switch probe.look(isBusy: !multiplexer.isEmpty, now: now) {
        case .nothing:
            break
        case .pingDue:
            ping()
        case .silence(let silence):
            guard owesAnswers else { break }
            logger.log(.serverSilent, [.duration: "\(silence.microseconds)", .count: "\(multiplexer.count)"])
        case .muteness:
            logger.log(.serverMute)
        case .death:
            return connectionFailed(
                "it did not answer a ping within \(specification.probe.timeout.spoken)", generation)
        }
        scheduleLook()
    }

    private func ping() {
        guard let connection = readyConnection else { return }
        let id = RequestID(multiplexer.takeID())
        probe.asked(id, now: now)
        do throws(UpstreamSendFailure) {
            try connection.send(MessageBuilder.request(id: id, method: "ping"), context: .none)
        } catch {
            switch error {
            // Its end will be reported in a moment.
            case .closed: probe.lost(id, now: now)
            // What waits before it asks the same.
            case .backlogFull: break
            }
        }
    }
}

extension ServerSpecification {
    /// A server that is part of the gateway lives as long as that.
    var effectiveProbe: ProbePolicy {
        if case .builtin = launch { .off } else { probe }
    }
}
