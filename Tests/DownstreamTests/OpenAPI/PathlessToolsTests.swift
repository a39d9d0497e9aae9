import GatewayLog
import Logging
import NIOCore
import TestSupport
import Testing

@testable import Downstream

@Suite("tools without a path", .timeLimit(.minutes(1)))
struct PathlessToolsTests {
    private static func tools(_ names: String...) throws -> [OpenAPITool] {
        try names.map { try #require(OpenAPITool(ByteBuffer(string: #"{"name":"\#($0)"}"#))) }
    }

    @Test("they are taken out, and logged once each")
    func once() async throws {
        let log = RecordedLog()
        let pathless = PathlessTools(logger: log.logger)
        for _ in 1...3 {
            let left = pathless.takenOut(of: try Self.tools("a", ".", "..", "..."), at: "files")
            #expect(left.map(\.name) == ["a", "..."])
        }
        _ = pathless.takenOut(of: try Self.tools("."), at: "other")
        for (route, name) in [("files", "."), ("files", ".."), ("other", ".")] {
            let entry = try #require(await log.next())
            #expect(entry.event == .toolWithoutPath && entry[.server] == route && entry[.tool] == name)
        }
    }

    @Test("so many are logged, and those of further routes only taken out")
    func bound() async throws {
        let log = RecordedLog()
        let pathless = PathlessTools(logger: log.logger)
        for number in 0..<PathlessTools.limit {
            #expect(pathless.takenOut(of: try Self.tools(".", ".."), at: "route\(number)").isEmpty)
        }
        log.logger.log(.listCut)
        var count = 0
        while let entry = await log.next(), entry.event != .listCut { count += 1 }
        #expect(count == PathlessTools.limit)
    }
}
