internal import NIOCore

/// Something that wants to know that its time has come.
protocol Deferred: AnyObject {
    func deferralEnded()
}

/// Tells calls that the time in which they could be answered in one piece is over.
///
/// All wait equally long, so they stand in a line and one timer serves them all; a timer for each would cost more than
/// the rest of a short call. Who is answered leaves the line, which is then forgotten up to the next who waits.
final class DeferralLine {
    private struct Place {
        var waiting: (any Deferred)?
        let end: NIODeadline
    }

    /// The right to leave: places are numbered as they are taken.
    struct Ticket {
        fileprivate let number: Int
    }

    private let eventLoop: any EventLoop
    private let delay: TimeAmount
    private var line = CircularBuffer<Place>()
    /// The number of the first place in the line.
    private var firstNumber = 0
    private var isTimerSet = false

    init(eventLoop: any EventLoop, delay: Duration) {
        self.eventLoop = eventLoop
        self.delay = TimeAmount(delay)
    }

    func add(_ waiting: any Deferred) -> Ticket {
        line.append(Place(waiting: waiting, end: .now() + delay))
        setTimer()
        return Ticket(number: firstNumber + line.count - 1)
    }

    /// Does nothing when the time has come already.
    func leave(_ ticket: Ticket) {
        guard ticket.number >= firstNumber else { return }
        line[offset: ticket.number - firstNumber].waiting = nil
        while let first = line.first, first.waiting == nil { removeFirst() }
    }

    private func removeFirst() {
        line.removeFirst()
        firstNumber += 1
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
            removeFirst()
            first.waiting?.deferralEnded()
        }
        setTimer()
    }
}
