import Testing

@testable import GatewayMetrics

@Suite("durations of the last calls")
struct RecentDurationsTests {
    @Test("a percentile is that of the last calls, as if all had been kept and sorted")
    func reference() {
        var generator = SystemRandomNumberGenerator()
        var recent = RecentDurations()
        var all: [Int64] = []
        #expect(recent.percentile(95) == nil)
        for _ in 0..<1000 {
            let duration = Int64.random(in: 0...1_000_000, using: &generator)
            all.append(duration)
            recent.add(duration)
            let last = all.suffix(RecentDurations.limit).sorted()
            // The least value that at least so many of a hundred do not exceed.
            let expected = last.first { value in last.count(where: { $0 <= value }) * 100 >= last.count * 95 }
            #expect(recent.percentile(95) == expected.map { Duration.nanoseconds($0) })
        }
    }
}
