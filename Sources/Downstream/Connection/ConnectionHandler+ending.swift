internal import GatewayCore
internal import NIOCore
internal import NIOHTTP1

// How a connection is ended from this side without a client losing an answer.

extension ConnectionHandler {
    /// The front shuts down: what has begun goes on to its end, and is the last on this connection.
    func drain() {
        request.closesAfterwards = true
        switch state {
        case .idle: closeUnlessUsed()
        case .streaming(let stream): stream.drain()
        case .receiving, .discarding, .answering, .closing: break
        }
    }

    private func closeUnlessUsed() {
        guard traffic.requestBegan == nil else { return }
        let patience = isFresh ? front.settings.patienceWithFirst : front.settings.patienceWithNext
        eventLoop.assumeIsolated().scheduleTask(deadline: restingSince + TimeAmount(patience)) {
            if case .idle = self.state, self.traffic.requestBegan == nil { self.abort() }
        }
    }

    /// The front shuts down, and there is no more time for a request that has not come completely.
    func refuseUnfinishedRequest() {
        switch state {
        // Nothing, or not even a whole head, has come.
        case .idle: abort()
        case .receiving: refuse(.refusal(SessionRefusal.stopping, retryAfter: front.settings.retryAfter))
        case .discarding, .answering, .streaming, .closing: break
        }
    }

    /// The request has not come in time.
    func refuseLateRequest() {
        refuse(.refusal(.requestTimeout, "the request took too long to arrive", hint: "send it again at once"))
    }

    private func refuse(_ response: Response) {
        guard let context else { return }
        request.closesAfterwards = true
        state = .answering
        body = nil
        write(response, context)
    }
}
