import Downstream
import Testing

@Suite("allowed networks", .timeLimit(.minutes(1)))
struct AllowedNetworksTests {
    @Test("a client from elsewhere is disconnected before it is answered anything, and another one is served")
    func refusedAtAccept() async throws {
        var settings = TestGateway.patient
        settings.admits = { $0 == [127, 0, 0, 1] }
        try await TestGateway.run(settings: settings) { gateway in
            let response = try await gateway.exchange("GET", "/livez")
            #expect(response.status == 200)
        }
        settings.admits = { $0 != [127, 0, 0, 1] }
        try await TestGateway.run(settings: settings) { gateway in
            let response = try? await gateway.exchange("GET", "/livez")
            #expect(response == nil)
        }
    }
}
