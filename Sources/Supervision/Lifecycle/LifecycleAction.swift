/// What the shell around `ServerLifecycle` must do after an event.
///
/// One enum serves all events, because every legal reaction is "the entry action of the phase just entered": a
/// launch, one step of the stop sequence, a wait, or none. Combinations that would be wrong (launch *and* kill)
/// cannot be written down, and the shell needs a single `switch`.
///
/// The shell has one timer. Every action except `ignore` replaces it, by the alarm the action carries or by nothing.
enum LifecycleAction: Equatable, Sendable {
    /// Open a connection as this generation.
    case launch(Generation, Alarm)
    /// Take this step at the connection of this generation. After the last step nothing is left but to wait for
    /// the end.
    case stopStep(StopStep, Generation, Alarm?)
    /// No connection lives; the alarm leads to the next launch.
    case backOff(Alarm)
    /// A phase that waits for nothing was entered: ready, stopped, failed.
    case clearTimer
    /// Nothing changed that needs doing: the event was stale, or the phase is already what was asked for.
    case ignore
}

/// One step of the stop sequence, in order. They are the methods of `UpstreamConnection`.
enum StopStep: Hashable, Sendable, CaseIterable {
    /// Tell the server that nothing more will come.
    case closeInput
    /// Ask it to go.
    case terminate
    /// Make it go.
    case kill
}

/// The timer the shell must set: at this instant, `timerFired` with this token.
struct Alarm: Equatable, Sendable {
    /// What to hand to `timerFired`.
    var token: TimerToken
    /// When, on the clock that gives `now`.
    var at: Duration
}

/// Tells one timer from all others of the same server. Purpose and generation are enough: no life arms a timer of
/// one purpose twice. The machine ignores a token it does not wait for, so a timer that could not be cancelled in
/// time does no harm.
struct TimerToken: Hashable, Sendable {
    /// What a timer is for.
    enum Purpose: Hashable, Sendable, CaseIterable {
        /// The start takes too long.
        case startDeadline
        /// The wait between two lives is over.
        case backOff
        /// The server did not go after its input was closed.
        case inputClosed
        /// The server did not go after it was asked to.
        case terminated
    }

    /// What it is for.
    var purpose: Purpose
    /// The life it belongs to; for `backOff` the one that ended.
    var generation: Generation
}
