internal import GatewayLog
internal import JSONRPC
internal import Logging
internal import NIOCore
internal import Supervision

/// Passes on what comes of one request, and logs how it ended.
struct AccessLogSink: CallerSink {
    // Not the request itself, which may be long and is let go as soon as it is sent.
    private let method: String
    private let tool: String?
    private let id: String
    private let session: String
    private let log: AccessLog
    private let next: any CallerSink
    private let began = NIODeadline.now()

    init(_ request: Message, session: String, log: AccessLog, next: any CallerSink) {
        method = Self.bounded(request.methodName ?? "")
        tool = request.isMethod("tools/call") ? request.paramsName.map(Self.bounded) : nil
        id = Self.bounded(request.id.map { String(buffer: $0.json) } ?? "")
        self.session = session
        self.log = log
        self.next = next
    }

    func deliver(_ message: ByteBuffer) -> Bool {
        next.deliver(message)
    }

    func finish(_ answer: Answer) {
        let duration = NIODeadline.now() - began
        next.finish(answer)
        log.add(.requestAnswered, fields(answer, duration))
    }

    func fields(_ answer: Answer, _ duration: TimeAmount) -> [LogField: Logger.MetadataValue] {
        let outcome = RequestOutcome(of: answer)
        var fields: [LogField: Logger.MetadataValue] = [
            .method: "\(method)", .requestID: "\(id)", .outcome: "\(outcome.word)",
            .duration: "\(duration.nanoseconds / 1000)", .session: "\(session)",
        ]
        if let tool { fields[.tool] = "\(tool)" }
        if let code = outcome.errorCode { fields[.errorCode] = "\(code)" }
        return fields
    }

    /// Clients choose these.
    private static func bounded(_ text: String) -> String {
        text.cut(to: 100)
    }
}
