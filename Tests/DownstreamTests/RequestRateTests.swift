import NIOCore
import Testing

@testable import Downstream

@Suite("request rate", .timeLimit(.minutes(1)))
struct RequestRateTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    /// Sends requests at one time and returns what each of them was told.
    private func send(
        _ count: Int, from address: UInt8 = 1, after time: TimeAmount = .zero, _ rate: inout RequestRate
    ) -> [TimeAmount?] {
        (1...count).map { _ in rate.delay(of: [address], at: start + time) }
    }

    @Test("two seconds' worth may come at once, and then one whenever its time has come", arguments: [1, 3, 1000])
    func burst(perSecond: Int) {
        var rate = RequestRate(perSecond: perSecond)
        let interval = TimeAmount.nanoseconds(1_000_000_000 / Int64(perSecond))
        let first = send(2 * perSecond + 1, &rate)
        #expect(first == Array(repeating: nil, count: 2 * perSecond) + [interval])
        let early = send(1, after: interval - .nanoseconds(1), &rate)
        #expect(early == [.nanoseconds(1)])
        let next = send(2, after: interval, &rate)
        #expect(next == [nil, interval])
    }

    @Test("addresses do not pay for each other")
    func addresses() {
        var rate = RequestRate(perSecond: 1)
        let first = send(3, from: 1, &rate)
        #expect(first == [nil, nil, .seconds(1)])
        let second = send(1, from: 2, &rate)
        #expect(second == [nil])
    }

    @Test("no more addresses are remembered than its capacity, and the busiest are not forgotten")
    func capacity() {
        var rate = RequestRate(perSecond: 10, capacity: 8)
        _ = send(20, from: 0, &rate)
        for address: UInt8 in 1...100 {
            let delays = send(1, from: address, &rate)
            #expect(delays == [nil])
            #expect(rate.addressCount <= 8)
        }
        let busy = send(1, from: 0, &rate)
        #expect(busy == [.milliseconds(100)])
    }

    @Test("an address is forgotten once it has been quiet for long enough")
    func forgetting() {
        var rate = RequestRate(perSecond: 10, capacity: 2)
        _ = send(1, from: 1, &rate)
        _ = send(1, from: 2, &rate)
        _ = send(1, from: 3, after: .seconds(1), &rate)
        #expect(rate.addressCount == 1)
    }

    private static func requests(_ count: Int, _ field: String) -> String {
        String(repeating: "GET /livez HTTP/1.1\r\nHost: localhost\r\n\(field)\r\n", count: count)
    }

    @Test(
        "requests that come too fast are 429 with Retry-After, and the body names the key",
        arguments: ["X-Forwarded-For: 192.0.2.1\r\n", "Forwarded: for=192.0.2.1\r\n", "X-Real-IP: 192.0.2.1\r\n"])
    func tooMany(field: String) async throws {
        var settings = TestGateway.patient
        settings.requestsPerSecond = 1
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            try await connection.send(Self.requests(10, field))
            var responses: [TestConnection.Response] = []
            for _ in 1...10 { responses.append(try await connection.response()) }
            #expect(responses.prefix(2).allSatisfy { $0.status == 200 })
            let refused = try #require(responses.last)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "1")
            #expect(refused.body.contains("limits.requestsPerSecond"))
        }
    }

    @Test("programs on this machine are exempt")
    func local() async throws {
        var settings = TestGateway.patient
        settings.requestsPerSecond = 1
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            try await connection.send(Self.requests(100, ""))
            for _ in 1...100 { #expect(try await connection.response().status == 200) }
        }
    }
}
