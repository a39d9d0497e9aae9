/// Who is told how the gateway stands: the service manager, through sd_notify(3). Called on the event loop.
public protocol ReadinessReporter: Sendable {
    /// The gateway listens, and every required server has been ready once or has used up its time. Said once.
    func ready()
    /// The gateway has begun to stop. Said once, and before the line that says so; after it never `ready`.
    func stopping()
    /// One line for people, whenever it changes.
    func status(_ line: String)
}
