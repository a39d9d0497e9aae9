internal import GatewayLog
internal import Logging
internal import NIOCore

// What is said of a server in the log. What the server can cause at will is bounded in a second; that and how much it
// writes to stderr are the only things it could fill a disk with.

extension ManagedServer {
    /// Logs the phase that has been entered.
    func logPhase(_ snapshot: ServerSnapshot) {
        guard let event = event(of: snapshot.phase) else { return }
        var fields: [LogField: Logger.MetadataValue] = [
            .phase: "\(snapshot.phase.rawValue)", .generation: "\(snapshot.generation)",
        ]
        if snapshot.isReady {
            fields[.duration] = "\((now - lifeBegan).microseconds)"
        } else {
            fields[.reason] = "\(snapshot.reason)"
        }
        if let wait = snapshot.nextAttemptIn { fields[.nextStart] = "\(wait.microseconds)" }
        logger.log(event, fields)
    }

    private func event(of phase: ServerSnapshot.Phase) -> GatewayEvent? {
        switch phase {
        case .starting: .serverStarting
        case .ready: .serverReady
        case .backingOff: lifecycle.record.window.isExhausted ? .serverGaveUp : .serverBackingOff
        case .stopping: .serverStopping
        case .stopped: .serverStopped
        case .failed: .serverFailed
        // It is so from the beginning, and stays so.
        case .disabled: nil
        }
    }

    /// Logs the end of a life. Where it was being stopped that is what was wanted.
    func logEnd(_ report: ExitReport) {
        tellLeftOut(.stderrFlood, standardErrorAllowance.takeCount())
        tellLeftOut(.logFlood, entryAllowance.takeCount())
        var fields: [LogField: Logger.MetadataValue] = [
            .generation: "\(generation)", .reason: "\(report.description.cut(to: 600))",
        ]
        if let processID { fields[.pid] = "\(processID)" }
        switch report.cause {
        case .exited(let status): fields[.exitStatus] = "\(status)"
        case .signalled(let number): fields[.signal] = "\(number)"
        case .notStarted, .unreachable, .unauthorized, .handshakeFailed, .connectionLost: break
        }
        logger.log(.serverEnded, at: lifecycle.phase == .stopping ? .info : nil, fields)
    }

    /// Logs that calls which had been sent will not be answered.
    func logLostCalls(_ count: Int, _ reason: String) {
        guard count > 0 else { return }
        logWithinAllowance(.callLost, [.count: "\(count)", .reason: "\(reason.cut(to: 600))"])
    }

    /// Says it the first few times, and then ever more rarely: some servers print a banner, some never stop.
    func logUnusable(_ line: UnusableLine) {
        unusableLines += 1
        let isPowerOfTwo = unusableLines & (unusableLines - 1) == 0
        guard unusableLines <= 4 || isPowerOfTwo else { return }
        var fields: [LogField: Logger.MetadataValue] = [.count: "\(unusableLines)", .reason: "\(line.reason)"]
        if let head = line.head { fields[.head] = "\(head)" }
        logger.log(.outputUnusable, fields)
    }

    /// Everything is read and the last lines are kept; a flood of them fills no disk.
    func logStandardError(_ line: String) {
        let verdict = standardErrorAllowance.admit(at: now)
        tellLeftOut(.stderrFlood, verdict.leftOut)
        if verdict.isAdmitted { logger.info("\(line)", metadata: [LogField.stream.rawValue: "stderr"]) }
    }

    /// Nobody should take it for a fault.
    func logProbeComplaint(_ line: String) {
        logger.debug("\(line)", metadata: [LogField.stream.rawValue: "stderr"])
    }

    /// Takes note of a notification that reaches nobody.
    func dropNotification(_ method: @autoclosure () -> String, because reason: DroppedNotification) {
        meter?.notificationDropped(because: reason)
        logWithinAllowance(.notificationDropped, [.method: "\(method())"])
    }

    /// Logs what the server may cause as often as it likes.
    func logWithinAllowance(
        _ event: GatewayEvent, _ fields: @autoclosure () -> [LogField: Logger.MetadataValue] = [:]
    ) {
        guard logger.logLevel <= event.definition.level else { return }
        let verdict = entryAllowance.admit(at: now)
        tellLeftOut(.logFlood, verdict.leftOut)
        if verdict.isAdmitted { logger.log(event, fields()) }
    }

    private func tellLeftOut(_ event: GatewayEvent, _ count: Int) {
        if count > 0 { logger.log(event, [.count: "\(count)"]) }
    }
}

extension Duration {
    /// In whole microseconds, as the journal has times.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
