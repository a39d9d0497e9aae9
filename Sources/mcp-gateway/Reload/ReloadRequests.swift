/// Where reloads are asked for: by a signal, by the control socket, by a file that changed. One after the other is
/// answered, so that an older file never wins over a newer one.
struct ReloadRequests: Sendable {
    /// One wish to read the configuration again.
    struct Request: Sendable {
        /// Whether it is only asked what would happen.
        let isDryRun: Bool
        /// Called once.
        let reply: @Sendable (ReloadOutcome) -> Void
    }

    /// How many may wait; the oldest of more is refused.
    private static let capacity = 16

    /// Why none is carried out any more.
    static let isStopping = "the gateway is stopping"

    let stream: AsyncStream<Request>
    private let continuation: AsyncStream<Request>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.capacity))
    }

    /// Asks for a reload.
    func ask(isDryRun: Bool = false, reply: @escaping @Sendable (ReloadOutcome) -> Void = { _ in }) {
        switch continuation.yield(Request(isDryRun: isDryRun, reply: reply)) {
        case .enqueued: return
        case .dropped(let oldest): oldest.reply(.notRead(reason: "\(Self.capacity) newer reloads wait already"))
        case .terminated: reply(.notRead(reason: Self.isStopping))
        @unknown default: return
        }
    }
}
