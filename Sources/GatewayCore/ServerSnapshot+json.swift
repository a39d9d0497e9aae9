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
            ("ready", Self.json(isReady)),
            ("required", Self.json(isRequired)),
            ("reason", JSONText.quotedBuffer(discreetReason)),
            ("health", health.json),
            ("generation", Self.json(generation)),
            ("restarts", Self.json(restarts)),
            ("inFlight", Self.json(inFlight)),
            ("isolation", JSONText.quotedBuffer(isolation.rawValue)),
            ("interactive", Self.json(isInteractive)),
            ("instances", Self.json(instances)),
        ]
        if let processID { members.append(("pid", Self.json(Int(processID)))) }
        if let nextAttemptIn {
            members.append(("nextAttemptInMs", Self.json(Int(nextAttemptIn / .milliseconds(1)))))
        }
        return JSONText.object(members)
    }

    private static func json(_ value: Bool) -> ByteBuffer { ByteBuffer(string: value ? "true" : "false") }

    private static func json(_ value: Int) -> ByteBuffer { ByteBuffer(string: String(value)) }
}

extension HealthReport {
    /// With the members that there are.
    fileprivate var json: ByteBuffer {
        let members = [
            ("level", level.rawValue), ("summary", summary), ("detail", detail), ("suggestedAction", suggestedAction),
        ]
        return JSONText.object(
            members.compactMap { key, text in text.map { (key: key, value: JSONText.quotedBuffer($0)) } })
    }
}
