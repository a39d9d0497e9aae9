internal import NIOCore

/// The last events of one stream, for a client that has lost its connection and asks for what came after an event.
///
/// Events are numbered from 1. A mark takes a number and holds nothing: an id for the client to come back with.
struct ReplayBuffer {
    /// How much is kept. Beyond any of them the oldest events are forgotten, and so a longer event at once.
    struct Bounds: Sendable {
        var events: Int
        var bytes: Int
        var age: TimeAmount
    }

    /// Why nothing can be replayed.
    enum Refusal: Error, Equatable {
        /// There was no event of this number.
        case unknown
        /// What came after it is not kept any more.
        case forgotten
    }

    private struct Event {
        let number: UInt64
        let frame: ByteBuffer
        let time: NIODeadline
    }

    private let bounds: Bounds
    private var events = CircularBuffer<Event>(initialCapacity: 1)
    /// What is kept, in bytes.
    private(set) var bytes = 0
    /// The number of the last event or mark; 0 before the first.
    private(set) var last: UInt64 = 0
    /// The number of the last event that was forgotten.
    private var lastForgotten: UInt64 = 0

    init(_ bounds: Bounds) {
        self.bounds = bounds
    }

    /// The number that the next event gets.
    var next: UInt64 { last + 1 }

    /// How many events are kept.
    var count: Int { events.count }

    /// Keeps the event of the next number.
    mutating func append(_ frame: ByteBuffer, at now: NIODeadline) {
        last += 1
        events.append(Event(number: last, frame: frame, time: now))
        bytes += frame.readableBytes
        forget(at: now)
        while events.count > bounds.events || bytes > bounds.bytes { forgetFirst() }
    }

    /// Takes the next number for no event.
    mutating func mark() -> UInt64 {
        last += 1
        return last
    }

    /// The events after that of this number, oldest first.
    func frames(after number: UInt64) throws(Refusal) -> [ByteBuffer] {
        guard number >= 1, number <= last else { throw .unknown }
        guard number >= lastForgotten else { throw .forgotten }
        return events.filter { $0.number > number }.map(\.frame)
    }

    /// Forgets what is too old.
    mutating func forget(at now: NIODeadline) {
        while let first = events.first, now - first.time > bounds.age { forgetFirst() }
    }

    /// Forgets every event, but not that there were some.
    mutating func forgetAll() {
        while !events.isEmpty { forgetFirst() }
        events = CircularBuffer(initialCapacity: 1)
    }

    private mutating func forgetFirst() {
        let first = events.removeFirst()
        bytes -= first.frame.readableBytes
        lastForgotten = first.number
    }
}
