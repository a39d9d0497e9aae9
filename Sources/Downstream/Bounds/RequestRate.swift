internal import NIOCore

/// How fast one client address may send requests: so many a second, and those of two seconds at once.
///
/// A bucket of tokens for each address, of which only one thing is kept: when it is full again (the "virtual scheduling"
/// of ITU-T I.371, annex A). One that is full needs no entry.
struct RequestRate {
    /// Requests a second.
    let perSecond: Int
    private let interval: TimeAmount
    private let burst: TimeAmount
    private let capacity: Int
    private var fullAt: [[UInt8]: NIODeadline] = [:]

    /// - Parameters:
    ///   - perSecond: at least 1, at most a billion.
    ///   - capacity: how many addresses are remembered.
    init(perSecond: Int, capacity: Int = 4096) {
        self.perSecond = perSecond
        self.capacity = capacity
        interval = .nanoseconds(1_000_000_000 / Int64(perSecond))
        burst = interval * (2 * perSecond)
    }

    /// How many addresses are remembered now.
    var addressCount: Int { fullAt.count }

    /// Counts a request from this address and returns nil, or how long it comes too early. That one is not counted.
    mutating func delay(of address: [UInt8], at now: NIODeadline) -> TimeAmount? {
        let known = fullAt[address]
        let full = max(known ?? now, now) + interval
        guard full - now <= burst else { return full - now - burst }
        if known == nil, fullAt.count >= capacity { makeRoom(now) }
        fullAt[address] = full
        return nil
    }

    /// Forgets the full buckets, and if these are few, also those that come next: their addresses gain the least by it.
    private mutating func makeRoom(_ now: NIODeadline) {
        fullAt = fullAt.filter { $0.value > now }
        guard fullAt.count > capacity / 2 else { return }
        let kept = fullAt.sorted { $0.value > $1.value }.prefix(capacity / 2)
        fullAt = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
