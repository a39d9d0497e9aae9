internal import CoreMetrics
public import JSONRPC
internal import NIOCore
public import Supervision
internal import Synchronization

/// Measures the requests to one server, on one side of the gateway. From any thread.
public final class OperationMeter: CallMeter, Sendable {
    private struct Series: Hashable {
        let method: MethodLabel
        let tool: String?
        let outcome: RequestOutcome
    }

    private struct State {
        var timers: [Series: CoreMetrics.Timer] = [:]
        var drops: [DroppedNotification: Counter] = [:]
        var tools = KnownTools()
        var recent = RecentDurations()
    }

    /// How many combinations of method, tool and outcome are told apart. Of others only the method is, and
    /// whether they went well.
    static let seriesLimit = 2048

    private let metric: Metric
    private let sessionMetric: Metric
    private let server: String
    private let instruments: Instruments
    private let state = Mutex(State())

    /// Nothing is measured yet.
    ///
    /// - Parameters:
    ///   - metric: the duration of calls on the side that this is for.
    ///   - sessionMetric: that of sessions.
    public init(_ metric: Metric, _ sessionMetric: Metric, server: String, instruments: Instruments) {
        self.metric = metric
        self.sessionMetric = sessionMetric
        self.server = server
        self.instruments = instruments
    }

    /// What 95 of the last hundred calls of tools took no longer than, by the last few hundred; `nil` before the first.
    public var p95: Duration? {
        state.withLock { $0.recent.percentile(95) }
    }

    /// Measures a call once it is answered.
    public func following(_ request: Message, into sink: any CallerSink) -> any CallerSink {
        MeteredSink(request, meter: self, next: sink)
    }

    /// A session has ended that lasted so long.
    public func sessionEnded(after duration: Duration) {
        CoreMetrics.Timer(label: sessionMetric.rawValue, dimensions: [("server", server)], factory: instruments)
            .recordNanoseconds(duration.nanoseconds)
    }

    /// A notification of the server has reached nobody.
    public func notificationDropped(because reason: DroppedNotification) {
        let counter = state.withLock { state in
            if let counter = state.drops[reason] { return counter }
            let labels = [("server", server), ("reason", reason.rawValue)]
            let counter = Counter(
                label: Metric.notificationsDropped.rawValue, dimensions: labels, factory: instruments)
            state.drops[reason] = counter
            return counter
        }
        counter.increment()
    }

    func note(_ method: MethodLabel, _ tool: String?, _ answer: Answer, nanoseconds: Int64) {
        let outcome = RequestOutcome(of: answer)
        let timer = state.withLock { state in
            if method == .callTool { state.recent.add(nanoseconds) }
            if method == .listTools, state.tools.isCurious, outcome == .ok, case .message(let bytes) = answer {
                state.tools.learn(from: bytes)
            }
            let label = tool.map { state.tools.label(of: $0) }
            var series = Series(method: method, tool: label, outcome: outcome)
            if let timer = state.timers[series] { return timer }
            if state.timers.count >= Self.seriesLimit {
                series = Series(
                    method: method, tool: tool.map { _ in KnownTools.unknown },
                    outcome: outcome == .ok ? .ok : .error(code: nil))
                if let timer = state.timers[series] { return timer }
            }
            let timer = make(series)
            state.timers[series] = timer
            return timer
        }
        timer.recordNanoseconds(nanoseconds)
    }

    private func make(_ series: Series) -> CoreMetrics.Timer {
        var labels = [("server", server), ("mcp_method_name", series.method.rawValue)]
        if let tool = series.tool { labels.append(("gen_ai_tool_name", tool)) }
        if let error = series.outcome.errorType { labels.append(("error_type", error)) }
        return CoreMetrics.Timer(label: metric.rawValue, dimensions: labels, factory: instruments)
    }
}

/// Passes on what comes of one request, and measures how long that took.
private struct MeteredSink: CallerSink {
    private let method: MethodLabel
    private let tool: String?
    private let meter: OperationMeter
    private let next: any CallerSink
    private let began = NIODeadline.now()

    init(_ request: Message, meter: OperationMeter, next: any CallerSink) {
        method = MethodLabel(of: request)
        tool = method == .callTool ? request.paramsName : nil
        self.meter = meter
        self.next = next
    }

    func deliver(_ message: ByteBuffer) -> Bool {
        next.deliver(message)
    }

    func finish(_ answer: Answer) {
        let duration = NIODeadline.now() - began
        next.finish(answer)
        meter.note(method, tool, answer, nanoseconds: duration.nanoseconds)
    }
}

extension RequestOutcome {
    /// `error.type` of OpenTelemetry; `nil` if there is none.
    fileprivate var errorType: String? {
        switch self {
        case .ok: nil
        case .toolError: "tool_error"
        case .error(let code): code.map(String.init) ?? "_OTHER"
        case .unavailable: "unavailable"
        case .cancelled: "cancelled"
        }
    }
}
