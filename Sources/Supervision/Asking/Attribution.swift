internal import JSONRPC

/// To whom belongs what a server says without being asked: a question to a client, a log message.
///
/// A connection that many callers share carries nothing that tells, but for what arrives on the stream of the answer to
/// one call. Everything else is certain only if nobody but one caller can be meant.
enum Attribution {
    /// It came in the course of this call, known by its id upstream.
    case call(Int, Multiplexer.Exchange)
    /// Calls of one caller alone are in flight; the exchange is the newest that can be meant.
    case caller(CallerID, newest: Multiplexer.Exchange)
    /// It came in the course of a call that is over.
    case over
    /// Nobody's call is in flight.
    case nobody
    /// Calls of several callers are in flight.
    case ambiguous
}

extension Multiplexer {
    /// To whom something belongs that the server says without being asked.
    ///
    /// - Parameter call: the call on the stream of whose answer it came, if it came on such a one.
    func attribution(during call: RequestID?, now: Duration) -> Attribution {
        if let call {
            guard let id = Self.upstreamID(call), let exchange = exchanges[id] else { return .over }
            return .call(id, exchange)
        }
        guard let caller = inFlight.first?.key else { return .nobody }
        guard inFlight.count == 1, echoes.areOnly(of: caller, now: now) else { return .ambiguous }
        if exchanges.count == 1, echoes.isEmpty(now: now), let only = exchanges.first {
            return .call(only.key, only.value)
        }
        let toolCalls = exchanges.filter(\.value.isToolCall)
        let newest = (toolCalls.isEmpty ? exchanges : toolCalls).max { $0.key < $1.key }
        return newest.map { .caller(caller, newest: $0.value) } ?? .nobody
    }
}
