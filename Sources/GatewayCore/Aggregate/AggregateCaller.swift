internal import JSONRPC
internal import MCP
internal import Supervision

/// One caller of an aggregate.
struct AggregateCaller {
    var caller: Caller
    /// Who is told what concerns it; nobody once another callee has taken the aggregate's place.
    var observer: (any ServerObserver)?
    /// The least severe log messages it wants, if it ever said.
    var logLevel: LoggingLevel?
    /// The members that know it, by name: those that it has called. Others need not hear of it.
    var joined: [String: any Callee] = [:]
    /// Whether it has been told what there is, or has asked. Changes before that are no news. Who has no session is
    /// told before it becomes known here.
    var isDescribed: Bool
    /// Its requests that wait for members' lists.
    var waiting: [RequestID: any CallerSink] = [:]

    init(_ caller: Caller, observer: any ServerObserver) {
        self.caller = caller
        self.observer = observer
        isDescribed = !caller.profile.revision.isLegacy
    }
}
