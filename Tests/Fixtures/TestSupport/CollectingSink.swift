public import NIOCore
public import Supervision

/// A `CallerSink` that keeps what it gets, for a test to wait for.
public final class CollectingSink: CallerSink {
    /// What a sink can get.
    public enum Arrival: Sendable {
        case delivery(String)
        case answer(String)
        case unavailable(Unavailability)
        case cancelled
    }

    private let arrivals: AsyncStream<Arrival>
    private let continuation: AsyncStream<Arrival>.Continuation

    /// An empty sink.
    public init() {
        (arrivals, continuation) = AsyncStream.makeStream()
    }

    /// Keeps the message.
    public func deliver(_ message: ByteBuffer) -> Bool {
        continuation.yield(.delivery(String(buffer: message)))
        return true
    }

    /// Keeps the end.
    public func finish(_ answer: Answer) {
        switch answer {
        case .message(let bytes): continuation.yield(.answer(String(buffer: bytes)))
        case .unavailable(let unavailability, _): continuation.yield(.unavailable(unavailability))
        case .cancelled: continuation.yield(.cancelled)
        }
    }

    /// Waits for the next arrival.
    public func next() async -> Arrival? {
        await arrivals.first { _ in true }
    }

    /// Waits for the next arrival and returns it as text: the message, the reason, or `cancelled`.
    public func nextText() async -> String {
        switch await next() {
        case .delivery(let text), .answer(let text): text
        case .unavailable(let unavailability): unavailability.reason
        case .cancelled: "cancelled"
        case nil: ""
        }
    }
}
