internal import JSONRPC
internal import MCP
internal import NIOCore

/// The one `subscriptions/listen` that stands for everything all clients want to hear of (MCP 2026-07-28
/// "Subscriptions"): which lists and resources, and what becomes of it when that changes or the stream breaks.
///
/// A value: time and chance are passed in. Another filter means another request, and the old one is closed only when the
/// new one is acknowledged, so that nothing is missed in between.
///
/// ```
///          ┌────────── wanted something else ──────────┐
/// nothing ─┴─► pending ─ acknowledged ─► current ──────┘
///    ▲             └─ ended ─► waits ◄─ ended ─┘
///    └─ nothing wanted         └─ woken ─► pending
/// ```
struct ListenUnion {
    /// What is to be done.
    enum Effect: Equatable {
        /// Send this request.
        case open(RequestID, Filter)
        /// Give that request up.
        case close(RequestID)
        /// This request of a client's, to subscribe or to unsubscribe, has succeeded, or failed for a reason.
        case answer(RequestID, Refusal?)
        /// These may have changed while nobody listened.
        case announce(Filter)
        /// Call `woken` after this time, and not as asked for before.
        case wake(after: Duration)
    }

    /// What is listened for.
    struct Filter: Equatable {
        var features: Set<Feature> = []
        var resources: [String] = []

        var isEmpty: Bool { features.isEmpty && resources.isEmpty }
    }

    /// Why a resource cannot be subscribed to.
    struct Refusal: Equatable {
        let code: ErrorCode
        let message: String
    }

    /// How a request came to its end.
    enum End: Equatable {
        /// The server ended it in order.
        case closed
        /// Nobody knows; the reason is a clause.
        case lost(String)
        /// The server answered with an error.
        case refused(code: Int, message: String)
    }

    /// More resources than that are not subscribed to on one connection.
    static let resourceLimit = 4096
    /// How long the server may take to acknowledge.
    static let patience = Duration.seconds(30)
    /// The wait before it is tried again, and the longest that it grows to.
    private static let waits = Duration.seconds(1)...Duration.seconds(60)
    /// What held for so long works.
    private static let steady = Duration.seconds(10)

    private struct Listen {
        let id: RequestID
        var asked: Filter
        let since: Duration
    }

    private var wanted: Filter
    private var current: Listen?
    private var pending: Listen?
    private var isWaiting = false
    private var isRefused = false
    private var hasGap = false
    private var failures = 0
    private var count = 0
    private var subscribing: [(request: RequestID, uri: String)] = []
    /// The last few that others have taken the place of.
    private var replaced: [RequestID] = []

    /// How many of those may still have something on its way.
    private static let replacedLimit = 16

    /// - Parameter features: those whose changes the server announces.
    init(features: Set<Feature>) {
        wanted = Filter(features: features)
    }

    /// Whether a notification of this listen is to be heeded. What the server had to tell before it heard of the next
    /// one may come after its acknowledgement, and only under the old id.
    func heeds(_ id: RequestID) -> Bool { current?.id == id || replaced.contains(id) }

    /// Whether this is one of the requests that were to be sent.
    func isOpen(_ id: RequestID) -> Bool { current?.id == id || pending?.id == id }

    // MARK: What is wanted

    mutating func begin(now: Duration) -> [Effect] { adjust(now: now) }

    mutating func subscribe(_ uri: String, for request: RequestID, now: Duration) -> [Effect] {
        guard !isRefused else { return [.answer(request, Self.unsupported)] }
        if current?.asked.resources.contains(uri) == true, wanted.resources.contains(uri) {
            return [.answer(request, nil)]
        }
        if !wanted.resources.contains(uri) {
            guard wanted.resources.count < Self.resourceLimit else {
                return [.answer(request, Refusal(code: .internalError, message: Self.full))]
            }
            wanted.resources.append(uri)
        }
        subscribing.append((request, uri))
        return adjust(now: now)
    }

    mutating func unsubscribe(_ uri: String, for request: RequestID, now: Duration) -> [Effect] {
        wanted.resources.removeAll { $0 == uri }
        // Whoever still waits for it has what it asked for last.
        let overtaken = subscribing.filter { $0.uri == uri }.map { Effect.answer($0.request, nil) }
        subscribing.removeAll { $0.uri == uri }
        return overtaken + [.answer(request, nil)] + adjust(now: now)
    }

    /// The client does not wait for this any more.
    mutating func forget(_ request: RequestID, now: Duration) -> [Effect] {
        guard let index = subscribing.firstIndex(where: { $0.request == request }) else { return [] }
        let uri = subscribing.remove(at: index).uri
        if !subscribing.contains(where: { $0.uri == uri }) { wanted.resources.removeAll { $0 == uri } }
        return adjust(now: now)
    }

    // MARK: What happens

    /// The server has acknowledged a request.
    ///
    /// - Parameter honoured: what it will tell of.
    mutating func acknowledged(_ id: RequestID, honoured: Filter, now: Duration) -> [Effect] {
        guard var listen = pending, listen.id == id else { return [] }
        var effects = current.map { [Effect.close($0.id)] } ?? []
        if let current { replaced = replaced.suffix(Self.replacedLimit - 1) + [current.id] }
        let offered = Set(honoured.resources)
        for (request, uri) in subscribing where listen.asked.resources.contains(uri) {
            effects.append(.answer(request, offered.contains(uri) ? nil : Self.notOffered(uri)))
        }
        subscribing.removeAll { listen.asked.resources.contains($0.uri) }
        // What it does not tell of need not be asked for again.
        wanted.resources.removeAll { listen.asked.resources.contains($0) && !offered.contains($0) }
        listen.asked.resources.removeAll { !offered.contains($0) }
        (current, pending) = (Listen(id: id, asked: listen.asked, since: now), nil)
        if hasGap, !honoured.isEmpty { effects.append(.announce(honoured)) }
        hasGap = false
        return effects + adjust(now: now)
    }

    /// A request has come to its end.
    ///
    /// - Parameter jitter: between -1 and 1, newly drawn for each call.
    mutating func ended(_ id: RequestID, _ end: End, now: Duration, jitter: Double) -> [Effect] {
        if current?.id == id {
            if let since = current?.since, now - since >= Self.steady { failures = 0 }
            (current, hasGap) = (nil, true)
            guard pending == nil else { return [] }
            return retryLater(jitter)
        }
        guard let listen = pending, listen.id == id else { return [] }
        pending = nil
        if case .refused(let code, _) = end, code == ErrorCode.methodNotFound.rawValue { isRefused = true }
        let refusal = isRefused ? Self.unsupported : Self.failed(end)
        let effects = subscribing.filter { listen.asked.resources.contains($0.uri) }
            .map { Effect.answer($0.request, refusal) }
        // Whoever was told that it failed does not count on it.
        let given = Set(current?.asked.resources ?? [])
        let failed = Set(subscribing.map(\.uri).filter { listen.asked.resources.contains($0) && !given.contains($0) })
        subscribing.removeAll { listen.asked.resources.contains($0.uri) }
        wanted.resources.removeAll { failed.contains($0) }
        return isRefused ? effects : effects + retryLater(jitter)
    }

    /// The time that was asked for has passed.
    mutating func woken(now: Duration, jitter: Double) -> [Effect] {
        if let pending {
            guard now - pending.since >= Self.patience else { return [] }
            let end = End.lost("did not acknowledge it within \(Int(Self.patience / .seconds(1))) s")
            return [.close(pending.id)] + ended(pending.id, end, now: now, jitter: jitter)
        }
        isWaiting = false
        return adjust(now: now)
    }

    private mutating func retryLater(_ jitter: Double) -> [Effect] {
        guard current?.asked != wanted, !wanted.isEmpty else { return settle() }
        let wait = min(Self.waits.lowerBound * (1 << min(failures, 10)), Self.waits.upperBound)
        failures += 1
        isWaiting = true
        return [.wake(after: wait * (1 + 0.2 * jitter))]
    }

    /// Opens what is missing and closes what nobody wants.
    private mutating func adjust(now: Duration) -> [Effect] {
        guard pending == nil, !isWaiting, !isRefused else { return [] }
        guard current?.asked != wanted else { return settle() }
        guard !wanted.isEmpty else {
            defer { current = nil }
            return current.map { [.close($0.id)] } ?? []
        }
        count += 1
        let id = RequestID(json: ByteBuffer(string: #""listen-\#(count)""#))
        pending = Listen(id: id, asked: wanted, since: now)
        return [.open(id, wanted), .wake(after: Self.patience)]
    }

    /// What is wanted is what is listened for: who gave it up and came back while that was on its way has it already.
    private mutating func settle() -> [Effect] {
        guard let current, current.asked == wanted else { return [] }
        defer { subscribing = [] }
        return subscribing.map { .answer($0.request, nil) }
    }

    // MARK: Reasons

    private static let full = "\(resourceLimit) resources of this server are subscribed to already"
    private static let unsupported = Refusal(
        code: .methodNotFound, message: "the server does not tell of changes of its resources")

    private static func notOffered(_ uri: String) -> Refusal {
        Refusal(code: .invalidParams, message: "the server does not tell of changes of \(uri)")
    }

    private static func failed(_ end: End) -> Refusal {
        let reason =
            switch end {
            case .closed: "ended it at once"
            case .lost(let reason): reason
            case .refused(_, let message): "refused it: \(message)"
            }
        return Refusal(code: .internalError, message: "the server was asked to tell of changes, but \(reason)")
    }
}

extension ListenUnion.Filter {
    /// As `params.notifications` of a request and of its acknowledgement (MCP 2026-07-28 schema, `SubscriptionFilter`).
    var json: ByteBuffer {
        var members = Self.flags.filter { features.contains($0.feature) }
            .map { (key: $0.key, value: ByteBuffer(string: "true")) }
        if !resources.isEmpty {
            members.append(("resourceSubscriptions", JSONText.array(resources.map(JSONText.quotedBuffer))))
        }
        return JSONText.object(members)
    }

    /// Reads that; what is missing or something else counts as nothing.
    init(json: ByteBuffer?) {
        let members = json.flatMap(JSONOutline.members) ?? []
        for (key, feature) in Self.flags
        where members.contains(where: { $0.key == key && String(buffer: $0.value) == "true" }) {
            features.insert(feature)
        }
        resources =
            members.first { $0.key == "resourceSubscriptions" }
            .flatMap { JSONOutline.elements(of: $0.value) }?.compactMap(JSONOutline.string) ?? []
    }

    private static let flags: [(key: String, feature: Feature)] = [
        ("toolsListChanged", .tools), ("promptsListChanged", .prompts), ("resourcesListChanged", .resources),
    ]
}
