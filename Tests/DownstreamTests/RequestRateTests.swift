import NIOCore
import Testing

@testable import Downstream

@Suite("request rate", .timeLimit(.minutes(1)))
struct RequestRateTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test("two seconds' worth may come at once, and then one whenever its time has come", arguments: [1, 3, 1000])
    func burst(perSecond: Int) {
        var rate = RequestRate(perSecond: perSecond)
        let interval = TimeAmount.nanoseconds(1_000_000_000 / Int64(perSecond))
        for _ in 1...(2 * perSecond) { #expect(rate.delay(of: [1], at: start) == nil) }
        #expect(rate.delay(of: [1], at: start) == interval)
        #expect(rate.delay(of: [1], at: start + interval - .nanoseconds(1)) == .nanoseconds(1))
        #expect(rate.delay(of: [1], at: start + interval) == nil)
        #expect(rate.delay(of: [1], at: start + interval) == interval)
    }

    @Test("addresses do not pay for each other")
    func addresses() {
        var rate = RequestRate(perSecond: 1)
        for _ in 1...2 { _ = rate.delay(of: [1], at: start) }
        #expect(rate.delay(of: [1], at: start) != nil)
        #expect(rate.delay(of: [2], at: start) == nil)
    }

    @Test("no more addresses are remembered than its capacity, and the busiest are not forgotten")
    func capacity() {
        var rate = RequestRate(perSecond: 10, capacity: 8)
        for _ in 1...20 { _ = rate.delay(of: [0], at: start) }
        for address in 1...100 {
            #expect(rate.delay(of: [UInt8(address)], at: start) == nil)
            #expect(rate.addressCount <= 8)
        }
        #expect(rate.delay(of: [0], at: start) != nil)
    }

    @Test("an address is forgotten once it has been quiet for long enough")
    func forgetting() {
        var rate = RequestRate(perSecond: 10, capacity: 2)
        _ = rate.delay(of: [1], at: start)
        _ = rate.delay(of: [2], at: start)
        _ = rate.delay(of: [3], at: start + .seconds(1))
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
