internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// What callers do with an aggregate. It is called on the event loop, where it lives.

extension Aggregate: Callee {
    nonisolated func describe(
        for caller: Caller, _ completion: @escaping @Sendable (Result<ServerDescription, Unavailability>) -> Void
    ) {
        assumeIsolated { aggregate in
            aggregate.whenSettled(aggregate.catalogues(for: caller)[...]) {
                let description = self.assumeIsolated { aggregate in
                    aggregate.callers[caller.id]?.isDescribed = true
                    return aggregate.description(for: caller)
                }
                completion(description)
            }
        }
    }

    nonisolated func attach(_ observer: any ServerObserver, as caller: Caller) {
        assumeIsolated { aggregate in
            guard aggregate.callers[caller.id] != nil else {
                aggregate.callers[caller.id] = AggregateCaller(caller, observer: observer)
                return
            }
            aggregate.callers[caller.id]?.caller = caller
            aggregate.callers[caller.id]?.observer = observer
            for (server, callee) in aggregate.callers[caller.id]?.joined ?? [:] {
                callee.attach(MemberObserver(aggregate: aggregate, server: server, caller: caller.id), as: caller)
            }
        }
    }

    nonisolated func unobserve(_ caller: CallerID) {
        assumeIsolated { aggregate in
            aggregate.callers[caller]?.observer = nil
            for callee in aggregate.joined(by: caller) { callee.unobserve(caller) }
        }
    }

    nonisolated func detach(_ caller: CallerID) {
        assumeIsolated { aggregate in
            guard let state = aggregate.callers.removeValue(forKey: caller) else { return }
            aggregate.forgetQuestions(of: caller)
            for callee in state.joined.values { callee.detach(caller) }
            for (id, sink) in state.waiting { sink.finish(.cancelled(id: id)) }
        }
    }

    nonisolated func call(
        _ message: Message, id: RequestID, by caller: Caller, headers: [ForwardedHeader], sink: any CallerSink
    ) {
        let call = AggregateCall(message: message, id: id, caller: caller, headers: headers, sink: sink)
        assumeIsolated { $0.take(call) }
    }

    nonisolated func cancel(_ notification: Message, by caller: CallerID) -> Bool {
        assumeIsolated { aggregate in
            if let id = notification.cancelledRequestID,
                let sink = aggregate.callers[caller]?.waiting.removeValue(forKey: id)
            {
                sink.finish(.cancelled(id: id))
                return true
            }
            return aggregate.joined(by: caller).contains { $0.cancel(notification, by: caller) }
        }
    }

    nonisolated func callsInFlight(of caller: CallerID) -> Int {
        assumeIsolated { aggregate in
            aggregate.joined(by: caller).reduce(aggregate.callers[caller]?.waiting.count ?? 0) {
                $0 + $1.callsInFlight(of: caller)
            }
        }
    }

    nonisolated func setLogLevel(_ level: LoggingLevel, of caller: CallerID) {
        assumeIsolated { aggregate in
            aggregate.callers[caller]?.logLevel = level
            for callee in aggregate.joined(by: caller) { callee.setLogLevel(level, of: caller) }
        }
    }

    nonisolated func subscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        assumeIsolated { aggregate in
            aggregate.find(message, id: id, by: caller, sink: sink) { callee, message in
                callee.subscribe(message, id: id, by: caller, sink: sink)
            }
        }
    }

    nonisolated func unsubscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        assumeIsolated { aggregate in
            aggregate.find(message, id: id, by: caller, sink: sink) { callee, message in
                callee.unsubscribe(message, id: id, by: caller, sink: sink)
            }
        }
    }

    nonisolated func answer(_ request: ServerRequestID, with response: Message, by caller: CallerID) -> Bool {
        assumeIsolated { $0.takeQuestion(request, of: caller) }?.answer(request, with: response, by: caller) ?? false
    }

    nonisolated func report(_ progress: Message, on request: ServerRequestID, by caller: CallerID) {
        assumeIsolated { $0.callee(asking: request, of: caller) }?.report(progress, on: request, by: caller)
    }

    nonisolated func notify(_ notification: Message, by caller: CallerID) {
        for callee in assumeIsolated({ $0.joined(by: caller) }) { callee.notify(notification, by: caller) }
    }

    /// The members that know a caller.
    private func joined(by caller: CallerID) -> [any Callee] {
        callers[caller].map { Array($0.joined.values) } ?? []
    }

    /// Finds whose resource a subscription is about.
    private func find(
        _ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink,
        _ action: (any Callee, Message) -> Void
    ) {
        guard let uri = message.paramsURI, let range = message.envelope.paramsURI else {
            return sink.refuse(id, .invalidParams, "\(message.methodName ?? "") needs a \"uri\" in its params")
        }
        guard let place = place(of: uri), principals(of: caller)[place.member] != nil,
            let own = try? Message(message.replacing((range, JSONText.quotedBuffer(place.uri))))
        else { return sink.refuseUnknownResource(id, uri) }
        let member = members[place.member]
        join(caller.id, to: member)
        action(member.route.callee, own)
    }
}
