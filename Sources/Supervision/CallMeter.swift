public import JSONRPC

/// Measures what goes on with one server, or at one place where clients reach the gateway. From any thread.
public protocol CallMeter: Sendable {
    /// Measures a call once the answer for `sink` has been given to what is returned.
    func following(_ request: Message, into sink: any CallerSink) -> any CallerSink
    /// A session has ended that lasted so long.
    func sessionEnded(after duration: Duration)
    /// A notification of the server has reached nobody.
    func notificationDropped(because reason: DroppedNotification)
}
