public import NIOCore

/// Everything that an operator can ask of the gateway and do to it: what the admin API offers. Called on the event loop.
public protocol GatewayControl: Administration {
    /// How the gateway itself is.
    func facts() -> GatewayFacts
    /// How every server stands, in the order of the configuration.
    func standings() -> [ServerStanding]
    /// What was measured, as the text that Prometheus reads.
    func metrics() -> ByteBuffer
    /// What a server is by the configuration, as a JSON object in which secrets are masked; `nil` if there is none of
    /// this name.
    func specification(of server: String) -> ByteBuffer?
    /// Starts a server if it does not run. Returns whether there is a server of this name.
    func start(_ server: String) -> Bool
    /// Stops a server, which stays down until somebody starts it. Returns whether there is a server of this name.
    func stop(_ server: String) -> Bool
    /// Has the servers asked for their tools whose number is not known, and waits for that, but not for long.
    func countTools(_ done: @escaping @Sendable () -> Void)
    /// Reads the configuration again, or says what that would change.
    ///
    /// - Parameter reply: called once, on any thread.
    func reload(isDryRun: Bool, reply: @escaping @Sendable (ReloadReport) -> Void)
    /// Calls `onNews` for everything that happens from now on.
    func observe(_ onNews: @escaping @Sendable (GatewayNews) -> Void) -> ObserverID
    /// Calls an observer no more.
    func forget(_ observer: ObserverID)
}

/// What whoever watches the gateway is told.
public enum GatewayNews: Sendable {
    /// A server has entered another phase.
    case server(String)
    /// A server has written a line to stderr.
    case standardError(server: String, line: String)
    /// The configuration was read again, whatever came of it.
    case reload(ReloadReport)
}

/// One who watches the gateway.
public struct ObserverID: Hashable, Sendable {
    fileprivate let number: UInt64
}

/// Those who watch the gateway. Lives on the event loop.
public final class Observers {
    private var observers: [ObserverID: @Sendable (GatewayNews) -> Void] = [:]
    private var count: UInt64 = 0

    /// Nobody yet.
    public init() {}

    /// Calls `onNews` from now on.
    public func add(_ onNews: @escaping @Sendable (GatewayNews) -> Void) -> ObserverID {
        count += 1
        let id = ObserverID(number: count)
        observers[id] = onNews
        return id
    }

    /// Calls this one no more.
    public func remove(_ id: ObserverID) {
        observers[id] = nil
    }

    /// Tells everybody.
    public func tell(_ news: GatewayNews) {
        for observer in observers.values { observer(news) }
    }
}
