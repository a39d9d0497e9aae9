internal import Downstream
internal import GatewayCore
internal import GatewayLog
internal import Logging
internal import ServiceLifecycle

/// Serves clients over HTTP until the process is told to stop, and then lets the requests that are being answered
/// come to their end.
struct FrontService: Service {
    /// How long a request may go on after the process was told to stop.
    static let grace = Duration.seconds(5)

    /// How long after that the last answers may take to leave.
    static let lastAnswers = Duration.seconds(1)

    let front: HTTPFront
    let gateway: Gateway
    /// The addresses that are listened on, each with a remark, if there is one to be made.
    let listens: [(url: String, remark: String?)]
    /// The command line that connects a client.
    let hint: String?
    let logger: Logger

    func run() async throws {
        for (url, remark) in listens {
            logger.log(.gatewayListening, remark.map { [.url: "\(url)", .reason: "\($0)"] } ?? [.url: "\(url)"])
        }
        if let hint { logger.log(.clientHint, [.command: "\(hint)"]) }
        await gateway.listenerIsUp()
        try? await gracefulShutdown()
        // First of all: whoever connects from now on is served by the next gateway, if there is one.
        await front.stopAccepting()
        await gateway.beginClosing(grace: Self.grace)
        // What an operator has called is answered over another front, which closes later.
        async let operatorsAreDone: Void = gateway.operatorsAreDone(within: Self.grace + Self.lastAnswers)
        await front.shutdown(grace: Self.grace, lastAnswers: Self.lastAnswers)
        await operatorsAreDone
        await gateway.closeAllSessions()
    }
}
