import JSONRPC
import NIOCore
import Supervision
import Testing

@testable import GatewayCore

@Suite("calls without a session whose server cannot be reached")
struct LostCallTests {
    @Test(
        "only a call that the server never got is answered with 503, which invites to send it again",
        arguments: [true, false])
    func invitation(wasSent: Bool) {
        let away = Unavailability(
            server: "a", phase: "starting", reason: "it died", retryAfter: .seconds(5), wasSent: wasSent)
        let answer = StatelessAnswer.unavailable(away, id: RequestID(json: ByteBuffer(string: "1")))
        #expect(answer.status == (wasSent ? 200 : 503))
        #expect(answer.retryAfter == (wasSent ? nil : .seconds(5)))
    }
}
