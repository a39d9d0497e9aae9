/// A kind of thing that the gateway logs: what is worth finding again, counting, or waking somebody for.
///
/// Each has a fixed id of 128 bits, as systemd.journal-fields(7) describes `MESSAGE_ID`, a level and a constant text;
/// `definition` holds them, and the compiler asks for one for every case. What differs from one occurrence to the next
/// stands in fields. `docs/journal.md` and `units/mcp-gateway.catalog` list the events for people.
public enum GatewayEvent: String, Sendable, CaseIterable, CustomStringConvertible {
    // The gateway as a whole.

    /// The address is bound, and clients can connect.
    case gatewayListening = "gateway-listening"
    /// How a first client can be connected.
    case clientHint = "client-hint"
    /// It listens, and every required server has been ready or has used up its time.
    case gatewayReady = "gateway-ready"
    /// The line that the service manager shows has changed.
    case gatewayStatus = "gateway-status"
    /// It was told to stop.
    case gatewayStopping = "gateway-stopping"
    /// Every server is gone.
    case gatewayStopped = "gateway-stopped"
    /// It ends before it has begun, for instance because its address is in use.
    case cannotStart = "cannot-start"
    /// Other machines reach it, and no token is asked for.
    case openDoors = "open-doors"
    /// Something in the configuration cannot be used.
    case configurationError = "configuration-error"
    /// Something in the configuration is probably not meant so.
    case configurationWarning = "configuration-warning"
    /// A new configuration is in force.
    case reloadDone = "reload-done"
    /// A new configuration cannot be used; the old one stays in force.
    case reloadRefused = "reload-refused"
    /// The configuration is not read again, because the gateway stops.
    case reloadIgnored = "reload-ignored"
    /// An operator has started, stopped or restarted a server.
    case operatorOrder = "operator-order"
    /// The control socket cannot be opened.
    case controlUnavailable = "control-unavailable"
    /// The limit of open files stays low.
    case descriptorLimit = "descriptor-limit"
    /// The process that ends what servers forked runs.
    case guardStarted = "guard-started"
    /// That process has died.
    case guardEnded = "guard-ended"
    /// That process cannot be started.
    case guardFailed = "guard-failed"
    /// A server's description could not be kept for the next start.
    case descriptionNotKept = "description-not-kept"
    /// What the service manager says of its watchdog makes no sense.
    case watchdogMalformed = "watchdog-malformed"
    /// The service manager did not take a notification.
    case managerUnreachable = "manager-unreachable"
    /// The log was not taken as fast as it was written.
    case logDropped = "log-dropped"

    // One server.

    /// A life begins.
    case serverStarting = "server-starting"
    /// Its process runs.
    case serverSpawned = "server-spawned"
    /// The MCP handshake is done.
    case serverReady = "server-ready"
    /// A life is over, or never began.
    case serverEnded = "server-ended"
    /// It waits for its next start.
    case serverBackingOff = "server-backing-off"
    /// It has failed so often that it is tried rarely from now on.
    case serverGaveUp = "server-gave-up"
    /// Its stop sequence runs.
    case serverStopping = "server-stopping"
    /// It is down, as it should be.
    case serverStopped = "server-stopped"
    /// It cannot be run until something changes.
    case serverFailed = "server-failed"
    /// It was replaced, and stops once its calls are answered.
    case serverRetiring = "server-retiring"
    /// It has said nothing for long, with calls in flight.
    case serverSilent = "server-silent"
    /// It answers no pings, and so it cannot be found out whether it hangs.
    case serverMute = "server-mute"
    /// Calls that were sent will never be answered.
    case callLost = "call-lost"
    /// Calls were given up after `callTimeout`.
    case callTimedOut = "call-timed-out"
    /// It floods its stderr.
    case stderrFlood = "stderr-flood"
    /// It causes so many other entries that some are left out.
    case logFlood = "log-flood"
    /// It prints what is no message where messages belong.
    case outputUnusable = "output-unusable"
    /// A message was longer than may be.
    case messageTooLong = "message-too-long"
    /// It answered nobody's call.
    case answerDropped = "answer-dropped"
    /// It notified of what nobody can be told.
    case notificationDropped = "notification-dropped"
    /// It asked something that could be meant for several clients.
    case questionRefused = "question-refused"
    /// It asks its clients, so that those that can be asked are served by instances of their own.
    case serverInteractive = "server-interactive"
    /// A caller should have an instance of its own, and there are too many.
    case instancesExhausted = "instances-exhausted"
    /// A tool of its is kept from clients.
    case toolHidden = "tool-hidden"
    /// A tool of its is in no OpenAPI document.
    case toolWithoutPath = "tool-without-path"
    /// A list of its is not taken to its end.
    case listCut = "list-cut"

    // Endpoints for several servers.

    /// Names there differ only in case.
    case nameClash = "name-clash"

    // Clients.

    /// A request was answered, on a route whose `logEnabled` is set.
    case requestAnswered = "request-answered"
    /// A request was refused before any server saw it, on such a route.
    case requestRefused = "request-refused"
    /// Any HTTP request was answered.
    case httpAnswered = "http-answered"
    /// A client left what waited for it unread.
    case clientTooSlow = "client-too-slow"
    /// Too much waits for all clients together, and this one had to go.
    case clientTooGreedy = "client-too-greedy"
    /// A client connected from an address that is in none of `allowedNetworks`.
    case addressRefused = "address-refused"
    /// Somebody connected to the control socket who may not use it.
    case peerRefused = "peer-refused"
    /// Somebody has sent the admin API a token that is none of its.
    case adminRefused = "admin-refused"

    /// The name, as JSON lines and the documentation have it.
    public var description: String { rawValue }
}
