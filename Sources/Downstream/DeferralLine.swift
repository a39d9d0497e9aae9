internal import NIOCore

/// Something that wants to know that its time has come.
protocol Deferred: AnyObject {
    func deferralEnded()
}

/// Tells calls that the time in which they could be answered in one piece is over.
///
/// All wait equally long, so they stand in a line and one timer serves them all; a timer for each would cost more than
/// the rest of a short call. Who has been answered meanwhile is not kept alive by the line.
final class DeferralLine {
    private struct Place {
        weak var waiting: (any Deferred)?
        let end: NIODeadline
    }

    private let eventLoop: any EventLoop
    private let delay: TimeAmount
    private var line = CircularBuffer<Place>()
    private var isTimerSet = false

    init(eventLoop: any EventLoop, delay: Duration) {
        self.eventLoop = eventLoop
        self.delay = TimeAmount(delay)
    }

    func add(_ waiting: any Deferred) {
        line.append(Place(waiting: waiting, end: .now() + delay))
        setTimer()
    }

    private func setTimer() {
        guard !isTimerSet, let first = line.first else { return }
        isTimerSet = true
        eventLoop.assumeIsolated().scheduleTask(deadline: first.end) { [weak self] in self?.serve() }
    }

    private func serve() {
        isTimerSet = false
        let now = NIODeadline.now()
        while let first = line.first, first.end <= now {
            line.removeFirst()
            first.waiting?.deferralEnded()
        }
        setTimer()
    }
}
