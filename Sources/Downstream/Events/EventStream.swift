internal import NIOCore

/// Where an event stream's bytes go: the connection that answers with it.
protocol EventOutlet: AnyObject {
    var eventLoop: any EventLoop { get }
    /// Whether the socket takes more now.
    var isWritable: Bool { get }
    func write(_ frame: ByteBuffer)
    /// Sends what was written, once the present turn of the event loop is over.
    func flushSoon()
    /// Ends the response; the connection can be used again.
    func finishStream()
    /// More waits for the reader than before.
    func queueHasGrown()
    /// Closes the connection in the middle of the response.
    func abort()
}

/// One response of server-sent events, with a bound on what may wait for a slow reader.
///
/// Lives on the event loop. Once it has ended, everything written to it is dropped.
final class EventStream {
    private enum Phase {
        case open
        /// To be ended when the queue is empty.
        case ending
        case over
    }

    private weak var outlet: (any EventOutlet)?
    let eventLoop: any EventLoop
    private let queueEvents: Int
    private let queueBytes: Int
    private var queue = CircularBuffer<ByteBuffer>()
    /// How many bytes wait for a slow reader.
    private(set) var queuedBytes = 0
    private var phase = Phase.open
    private var keepAlive: Scheduled<Void>?
    private let keepAliveInterval: TimeAmount

    /// Called once, on a later turn of the event loop, when the stream is lost: the client has gone, reads too slowly,
    /// or the front shuts down. Not called after `end()`.
    var onLoss: (() -> Void)?

    /// How many answers are still to come on the stream. It is not shut down before.
    private var answersDue = 0
    private var isDraining = false

    init(outlet: any EventOutlet, settings: FrontSettings) {
        self.outlet = outlet
        eventLoop = outlet.eventLoop
        queueEvents = settings.streamQueueEvents
        queueBytes = settings.streamQueueBytes
        keepAliveInterval = TimeAmount(settings.keepAliveInterval)
        scheduleKeepAlive()
    }

    /// Writes one event.
    func send(_ frame: ByteBuffer) {
        guard phase == .open, let outlet else { return }
        if queue.isEmpty, outlet.isWritable {
            outlet.write(frame)
            outlet.flushSoon()
            return
        }
        let isWithinBounds =
            queue.isEmpty || (queue.count < queueEvents && queuedBytes + frame.readableBytes <= queueBytes)
        guard isWithinBounds else {
            lose()
            outlet.abort()
            return
        }
        queue.append(frame)
        queuedBytes += frame.readableBytes
        outlet.queueHasGrown()
    }

    /// Writes events that are in memory anyway, however many.
    func replay(_ frames: [ByteBuffer]) {
        guard phase == .open, let outlet, !frames.isEmpty else { return }
        for frame in frames {
            if queue.isEmpty, outlet.isWritable {
                outlet.write(frame)
            } else {
                queue.append(frame)
                queuedBytes += frame.readableBytes
            }
        }
        outlet.flushSoon()
        if !queue.isEmpty { outlet.queueHasGrown() }
    }

    /// Ends the stream after what was written to it.
    func end() {
        guard phase == .open else { return }
        onLoss = nil
        finish()
    }

    /// An answer will come on the stream.
    func expectAnswer() {
        answersDue += 1
    }

    /// An answer that was expected has come, or never will.
    func answerCame() {
        answersDue -= 1
        if isDraining { drain() }
    }

    /// Ends the stream because the front shuts down, once no answer is due any more.
    func drain() {
        isDraining = true
        guard phase == .open, answersDue == 0 else { return }
        reportLoss()
        finish()
    }

    /// The socket takes more again.
    func outletIsWritable() {
        guard let outlet, phase != .over else { return }
        while outlet.isWritable, let frame = queue.popFirst() {
            queuedBytes -= frame.readableBytes
            outlet.write(frame)
        }
        outlet.flushSoon()
        if phase == .ending { finish() }
    }

    /// The connection is gone.
    func outletIsGone() {
        if phase != .over { lose() }
    }

    private func finish() {
        guard queue.isEmpty else {
            phase = .ending
            return
        }
        conclude()
        outlet?.finishStream()
    }

    private func lose() {
        conclude()
        reportLoss()
    }

    private func conclude() {
        phase = .over
        keepAlive?.cancel()
        keepAlive = nil
        queue.removeAll()
        queuedBytes = 0
    }

    private func reportLoss() {
        guard let report = onLoss else { return }
        onLoss = nil
        // Later, because the loss may be found in the middle of somebody's work on the session it is reported to.
        eventLoop.assumeIsolated().execute(report)
    }

    private func scheduleKeepAlive() {
        keepAlive = eventLoop.assumeIsolated().scheduleTask(in: keepAliveInterval) { [weak self] in
            guard let self, phase == .open else { return }
            // A reader who is behind gets enough bytes to keep the connection alive.
            if outlet?.isWritable == true { send(EventFraming.ping) }
            scheduleKeepAlive()
        }
    }
}
