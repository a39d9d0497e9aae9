/// When a stream of events that broke is opened again, and from which event on (MCP 2025-11-25 "Transports",
/// resumability and redelivery).
///
/// A value: how long the stream was open is passed in, and the wait is done by whoever asks.
struct StreamResumption {
    /// What becomes of a stream that broke.
    enum Step: Equatable {
        /// It is asked for again after this time, with this `Last-Event-ID`.
        case reopen(after: Duration, lastEventID: String?)
        /// It is given up.
        case giveUp
    }

    /// What a stream is for.
    enum Purpose {
        /// The answer to one request: without an id nobody could find it again.
        case answer
        /// What the server says unasked, for as long as the connection lives.
        case news
    }

    /// How often it is tried without hearing anything new.
    static let triesWithoutProgress = 5
    /// The wait when the server has not said another (WHATWG HTML §9.2.2 leaves it to the client).
    private static let defaultRetry = Duration.seconds(1)
    /// The shortest and the longest wait.
    private static let bounds = Duration.milliseconds(10)...Duration.seconds(60)
    /// News on a stream that does not last are not worth more requests than this, whatever the server says: one that
    /// ends its stream after each event would be asked without a pause.
    private static let shortestNewsWait = Duration.seconds(1)
    /// A stream that was open for so long was cut because it was silent, not because it does not work.
    private static let steady = Duration.seconds(5)

    private let purpose: Purpose
    private var lastEventID: String?
    private var retry = Self.defaultRetry
    private var fruitless = 0

    init(_ purpose: Purpose) {
        self.purpose = purpose
    }

    /// Whether it is known where to go on.
    var canResume: Bool { lastEventID != nil }

    /// An event came.
    ///
    /// - Parameters:
    ///   - lastEventID: the newest id of the stream, from this time it was opened; nil if it has had none since.
    ///   - isReset: whether the event took the id back.
    mutating func heard(lastEventID id: String?, isReset: Bool = false) {
        fruitless = 0
        if let id { lastEventID = id } else if isReset { lastEventID = nil }
    }

    /// What was open has come to its end: what the server said on it beside events.
    ///
    /// - Parameters:
    ///   - lastEventID: as for `heard`. An event without data sets it, too.
    ///   - retryMilliseconds: how long the server wants to be left alone, if it said so.
    mutating func ended(lastEventID id: String?, retryMilliseconds: Int?) {
        if let id, id != lastEventID { heard(lastEventID: id) }
        guard let retryMilliseconds else { return }
        // Compared as numbers: a Duration of so many milliseconds may not exist.
        let longest = Int(Self.bounds.upperBound / .milliseconds(1))
        retry = max(.milliseconds(min(retryMilliseconds, longest)), Self.bounds.lowerBound)
    }

    /// The stream ended before its time, or could not be opened.
    ///
    /// - Parameter openFor: how long it was open; nil if it was not.
    mutating func broke(openFor: Duration?) -> Step {
        if let openFor, openFor >= Self.steady { fruitless = 0 }
        guard purpose == .news || canResume && fruitless < Self.triesWithoutProgress else { return .giveUp }
        var wait = min(retry * (1 << min(fruitless, 16)), Self.bounds.upperBound)
        if purpose == .news, openFor.map({ $0 < Self.steady }) ?? true { wait = max(wait, Self.shortestNewsWait) }
        fruitless += 1
        return .reopen(after: wait, lastEventID: lastEventID)
    }
}
