import Curl
import FuzzSupport

/// What one transfer is to do, drawn beforehand.
struct StressPlan: Sendable {
    /// When it is cancelled.
    enum Moment: Sendable {
        case atOnce
        case atHead
        case atBody(Int)
        /// By another thread, at whatever moment that is.
        case sometime
        case never
    }

    let method: HTTPRequest.Method
    let path: String
    let moment: Moment
    /// Whether bytes are consumed on the thread of the client.
    let consumesAtOnce: Bool
    let window: Int
    let body: String

    init(_ random: inout SeededGenerator) {
        method = [.get, .post, .delete][Int.random(in: 0..<3, using: &random)]
        path = random.pick([
            "/short", "/short", "/short", "/big", "/big", "/moved", "/elsewhere", "/break", "/reset", "/half",
            "/silent", "/stream", "/stream",
        ])
        let isEndless = path == "/silent" || path == "/stream"
        switch Int.random(in: 0..<(isEndless ? 4 : 8), using: &random) {
        case 0: moment = .atOnce
        // A silent server never gets there.
        case 1 where path != "/silent": moment = .atHead
        case 2 where path != "/silent": moment = .atBody(path == "/stream" ? 1 : Int.random(in: 1...12, using: &random))
        case 0...3: moment = .sometime
        default: moment = .never
        }
        consumesAtOnce = random.chance(2)
        window = random.chance(2) ? 256 * 1024 : Int.random(in: 1...40_000, using: &random)
        body = String(repeating: "b", count: Int.random(in: 0...2000, using: &random))
    }
}
