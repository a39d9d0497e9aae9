import GatewayConfiguration
import Testing

@Suite struct GroupLimitTests {
    @Test("as many groups are taken as there may be; one more is a mistake that says so", arguments: [100, 101])
    func groups(count: Int) throws {
        let groups = (1...count).map { "\"g\($0)\": { \"servers\": [\"a\"] }" }.joined(separator: ", ")
        let text = "{ \"mcpProxy\": { \"groups\": { \(groups) } }, \"mcpServers\": { \"a\": { \"command\": \"a\" } } }"
        do throws(ConfigurationFailure) {
            let decoded = try Configuration.decode(text: text, fileName: "x.json", environment: [:])
            #expect(count == 100 && decoded.configuration.front.groups.count == 100)
        } catch {
            #expect(count == 101 && error.diagnostics.contains { $0.message.contains("101 groups, more than 100") })
        }
    }
}
