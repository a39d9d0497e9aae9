public import CoreMetrics
internal import Synchronization

/// The instruments of swift-metrics, kept in memory until somebody asks for them. From any thread.
public final class Instruments: MetricsFactory, Sendable {
    /// What tells one instrument from another.
    private struct Identity: Hashable {
        let metric: Metric
        let labels: [String]

        init(_ metric: Metric, _ dimensions: [(String, String)]) {
            self.metric = metric
            labels = dimensions.flatMap { [$0.0, $0.1] }
        }
    }

    private struct Entry {
        let labels: [Sample.Label]
        let instrument: any Instrument
    }

    private let entries = Mutex<[Identity: Entry]>([:])

    /// Nothing is measured yet.
    public init() {}

    /// What has been measured so far.
    public var samples: [Sample] {
        let entries = entries.withLock { Array($0) }
        return entries.map { Sample($0.key.metric, $0.value.instrument.value, $0.value.labels) }
            .sorted { $0.labels.lexicographicallyPrecedes($1.labels, by: <) }
    }

    /// Forgets all instruments of a server that is there no more.
    public func forget(server: String) {
        entries.withLock { entries in
            entries = entries.filter { !$0.value.labels.contains { $0 == ("server", server) } }
        }
    }

    /// The instrument of these labels, which is made if there is none. One of another name than those of `Metric` is
    /// not kept.
    private func instrument<Made: Instrument>(
        _ label: String, _ dimensions: [(String, String)], _ make: () -> Made
    ) -> Made {
        guard let metric = Metric(rawValue: label) else { return make() }
        let identity = Identity(metric, dimensions)
        return entries.withLock { entries in
            if let found = entries[identity]?.instrument as? Made { return found }
            let made = make()
            entries[identity] = Entry(labels: dimensions, instrument: made)
            return made
        }
    }

    private func drop(_ handler: AnyObject) {
        entries.withLock { entries in
            entries = entries.filter { $0.value.instrument !== handler }
        }
    }

    // MARK: MetricsFactory

    /// A distribution of durations.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        instrument(label, dimensions, Distribution.init)
    }

    /// A number that only grows.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        instrument(label, dimensions, Count.init)
    }

    /// A distribution of numbers, or the last of them.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            instrument(label, dimensions, Distribution.init)
        } else {
            instrument(label, dimensions, Latest.init)
        }
    }

    /// Forgets it.
    public func destroyTimer(_ handler: any TimerHandler) { drop(handler) }
    /// Forgets it.
    public func destroyCounter(_ handler: any CounterHandler) { drop(handler) }
    /// Forgets it.
    public func destroyRecorder(_ handler: any RecorderHandler) { drop(handler) }
}

/// Something that is measured, and can be asked for what it is now.
protocol Instrument: AnyObject, Sendable {
    var value: Sample.Value { get }
}

/// A number that only grows.
private final class Count: Instrument, CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: Sample.Value { .number(Double(count.load(ordering: .relaxed))) }

    func increment(by amount: Int64) { count.add(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
}

/// The last of several values.
private final class Latest: Instrument, RecorderHandler {
    private let latest = Mutex(0.0)

    var value: Sample.Value { .number(latest.withLock(\.self)) }

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { latest.withLock { $0 = value } }
}

/// How values are distributed over buckets.
private final class Distribution: Instrument, TimerHandler, RecorderHandler {
    private struct Contents {
        var counts = [UInt64](repeating: 0, count: Metric.bounds.count + 1)
        var sum = 0.0
    }

    private let contents = Mutex(Contents())

    var value: Sample.Value {
        contents.withLock { .distribution(counts: $0.counts, sum: $0.sum) }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        var bucket = 0
        while bucket < Metric.bounds.count, value > Metric.bounds[bucket] { bucket += 1 }
        contents.withLock { contents in
            contents.counts[bucket] += 1
            contents.sum += value
        }
    }
}
