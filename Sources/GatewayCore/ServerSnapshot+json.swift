internal import JSONRPC
public import NIOCore
public import Supervision

extension ServerSnapshot {
    /// How a server stands, as `/healthz` and the built-in server show it. The last exit is part of the reason, but not
    /// what the server wrote: not everybody who may see this is its operator.
    public var json: ByteBuffer {
        var members: [(key: String, value: ByteBuffer)] = [
            ("name", JSONText.quotedBuffer(name)),
            ("phase", JSONText.quotedBuffer(phase.rawValue)),
            ("ready", .json(isReady)),
            ("required", .json(isRequired)),
            ("reason", JSONText.quotedBuffer(discreetReason)),
            ("health", health.json),
            ("generation", .json(generation)),
            ("restarts", .json(restarts)),
            ("inFlight", .json(inFlight)),
            ("isolation", JSONText.quotedBuffer(isolation.rawValue)),
            ("interactive", .json(isInteractive)),
            ("instances", .json(instances)),
        ]
        if let processID { members.append(("pid", .json(Int(processID)))) }
        if let nextAttemptIn {
            members.append(("nextAttemptInMs", .json(nextAttemptIn)))
        }
        return JSONText.object(members)
    }
}

extension HealthReport {
    /// With the members that there are.
    var json: ByteBuffer {
        let members = [
            ("level", level.rawValue), ("summary", summary), ("detail", detail), ("suggestedAction", suggestedAction),
        ]
        return JSONText.object(
            members.compactMap { key, text in text.map { (key: key, value: JSONText.quotedBuffer($0)) } })
    }
}
