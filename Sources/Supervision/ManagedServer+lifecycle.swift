internal import MCP
internal import NIOCore

// The shell around the machine: news go in, what it decides is done.

extension ManagedServer {
    func perform(_ action: LifecycleAction) {
        switch action {
        case .ignore:
            return
        case .launch(let generation, let alarm):
            set(alarm)
            launch(generation)
        case .stopStep(let step, _, let alarm):
            set(alarm)
            take(step)
        case .backOff(let alarm):
            set(alarm)
        case .clearTimer:
            set(nil)
        }
        phaseChanged()
    }

    func becameReady(_ description: ServerDescription, _ generation: Generation) {
        let known = self.description
        let isNews = known != description
        self.description = description
        perform(lifecycle.handshakeCompleted(generation, now: now))
        guard lifecycle.phase == .ready else { return }
        beginProbing()
        if isNews { store?.keep(description, of: specification) }
        for listener in listeners.values where !listener.isFormer { listener.observer.described(description) }
        // While it was away its lists may have changed, and nobody could have said so. An instance beside the first one
        // has the lists that its caller knows from that.
        if hasBeenReady || role == .shared || (known != nil && isNews) { announceLists(of: description.features) }
        hasBeenReady = true
        restoreListening()
        admitWaiting()
    }

    func connectionFailed(_ reason: String, _ generation: Generation) {
        perform(lifecycle.connectionFailed(generation, reason: reason, now: now))
    }

    func connectionEnded(_ cause: ExitReport.Cause, isPermanent: Bool, _ generation: Generation) {
        let report = ExitReport(cause: cause, lastStandardErrorLine: standardError.last)
        logEnd(report)
        connection = nil
        processID = nil
        let orphans = multiplexer.removeAll()
        forgetConversation()
        logLostCalls(orphans.count, report.description)
        perform(
            lifecycle.ended(
                generation, report, permanent: isPermanent, now: now, jitter: .random(in: -1...1)))
        for orphan in orphans {
            orphan.sink.finish(.unavailable(lostCall(report), id: orphan.id))
        }
        for call in subscriptions.disconnected() {
            call.sink.finish(.unavailable(lostCall(report), id: call.id))
        }
        leaveIfDown()
    }

    private func launch(_ generation: Generation) {
        self.generation = generation
        lifeBegan = now
        standardError.beginLife()
        (hiddenTools, toldHidden) = ([], [])
        connection = connector.connect(to: specification, on: eventLoop) { [weak self] event in
            self?.assumeIsolated { $0.handle(event, of: generation) }
        }
    }

    private func take(_ step: StopStep) {
        switch step {
        case .closeInput: connection?.closeInput()
        case .terminate: connection?.terminate()
        case .kill: connection?.kill()
        }
    }

    private func set(_ next: Alarm?) {
        alarm?.cancel()
        alarm = next.map { next in
            let delay = TimeAmount(max(next.at - now, .zero))
            return eventLoop.assumeIsolated().scheduleTask(in: delay) {
                self.assumeIsolated { $0.perform($0.lifecycle.timerFired(next.token, now: $0.now)) }
            }
        }
    }

    /// Whoever installs what was missing should not have to know that the gateway must be told.
    private func scheduleRepairCheck() {
        guard case .process = specification.launch, !isLeaving else { return }
        repairCheck = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(repairInterval)) {
            self.assumeIsolated { server in
                guard server.lifecycle.phase == .failed else { return }
                guard server.connector.canStart(server.specification) else { return server.scheduleRepairCheck() }
                server.perform(server.lifecycle.start(now: server.now))
            }
        }
    }

    private func phaseChanged() {
        if lifecycle.phase != .ready { endProbing() }
        let snapshot = snapshot()
        if !canBecomeReady { turnAwayWaiting() }
        if snapshot.phase == .failed { scheduleRepairCheck() }
        // Nobody knows when it comes back, if it does. While it restarts its lists are those it had.
        if lifecycle.phase == .failed || lifecycle.phase == .stopped, hasBeenReady, let description {
            announceLists(of: description.features)
        }
        logPhase(snapshot)
        onChange?(snapshot)
    }
}
