internal import GatewayLog
internal import Logging
internal import NIOCore

// How one server takes the place of another of the same name, when the configuration has changed.

extension ManagedServer {
    /// How often it is looked whether the last call has been answered.
    private static let drainInterval = TimeAmount.milliseconds(20)

    /// Stops for good once the last call is answered or `grace` is over; then what is left gets an error. Nobody calls
    /// it any more.
    func retire(grace: Duration, onIdle: @escaping @Sendable () -> Void) {
        logger.log(.serverRetiring, [.count: "\(multiplexer.count)"])
        drain(until: now + grace, onIdle)
    }

    private func drain(until deadline: Duration, _ onIdle: @escaping @Sendable () -> Void) {
        guard !isLeaving, !multiplexer.isEmpty, now < deadline else {
            abandonCalls()
            onIdle()
            return leave()
        }
        eventLoop.assumeIsolated().scheduleTask(in: Self.drainInterval) {
            self.assumeIsolated { $0.drain(until: deadline, onIdle) }
        }
    }
}
