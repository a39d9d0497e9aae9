import GatewayLog
import Logging
import NIOCore
import TestSupport
import Testing

@testable import Downstream

@Suite("the log of those who are turned away", .timeLimit(.minutes(1)))
struct RefusalLogTests {
    @Test("five in a second are logged, and the next one says how many were not")
    func bound() async throws {
        let log = RecordedLog()
        var refusals = RefusalLog(logger: log.logger)
        let start = NIODeadline.uptimeNanoseconds(1)
        for number in 1...12 {
            refusals.add(.adminRefused, [.address: "\(number)"], at: start + .milliseconds(Int64(number)))
        }
        refusals.add(.adminRefused, [.address: "later"], at: start + .seconds(2))
        for expected in ["1", "2", "3", "4", "5"] {
            let entry = try #require(await log.next())
            #expect(entry[.address] == expected && entry[.count] == nil)
        }
        let last = try #require(await log.next())
        #expect(last[.address] == "later" && last[.count] == "7")
    }
}
