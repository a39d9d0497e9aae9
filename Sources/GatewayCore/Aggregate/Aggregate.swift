internal import GatewayLog
internal import JSONRPC
internal import Logging
internal import MCP
internal import NIOCore
internal import Supervision

/// Several servers that look like one.
///
/// It keeps no connection: it finds whose a name or URI is, puts the server's own in its place, and calls the server as
/// the same caller. Lists come from the members' catalogues.
actor Aggregate {
    nonisolated let name: String
    private nonisolated let executor: any SerialExecutor
    private let identity: (name: String, version: String)
    private let logger: Logger
    private(set) var rules: AggregateRules
    private(set) var members: [AggregateMember]
    private var indices: [String: Int]
    var callers: [CallerID: AggregateCaller] = [:]
    /// Which callee has asked what of whom.
    private var questions: [ServerRequestID: (callee: any Callee, caller: CallerID)] = [:]
    private var links = SeenLinks()
    private var lists: MergedLists?
    private var principals: [PrincipalKey: [Principal?]] = [:]
    private var toldClashes: [[String]] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        name: String, members: [AggregateMember], rules: AggregateRules, identity: (name: String, version: String),
        on eventLoop: any EventLoop, logger: Logger
    ) {
        self.name = name
        self.members = members
        indices = Self.indices(of: members)
        self.rules = rules
        self.identity = identity
        self.logger = logger
        executor = eventLoop.executor
    }

    private static func indices(of members: [AggregateMember]) -> [String: Int] {
        Dictionary(members.enumerated().map { ($1.server, $0) }) { first, _ in first }
    }

    /// Begins to listen to its members' catalogues.
    func begin() {
        let key = ObjectIdentifier(self)
        for member in members {
            let server = member.server
            member.catalogue.assumeIsolated { catalogue in
                catalogue.watch(as: key) { [weak self] features in
                    self?.assumeIsolated { $0.changed(features, of: server) }
                }
            }
        }
    }

    /// Stops listening to them.
    func end() {
        for member in members { member.catalogue.assumeIsolated { $0.unwatch(ObjectIdentifier(self)) } }
    }

    /// Goes on with other members, or with the same ones seen differently. Calls in flight are answered.
    func update(_ members: [AggregateMember], rules: AggregateRules) {
        let (former, hadSameNames) = (self.members, self.rules.names == rules.names)
        end()
        self.members = members
        self.rules = rules
        indices = Self.indices(of: members)
        principals = [:]
        begin()
        for id in callers.keys { rejoin(id) }
        let areSame = former.count == members.count && zip(former, members).allSatisfy { $0.looksLike($1) }
        guard !(areSame && hadSameNames) else { return }
        lists = nil
        for member in callers.isEmpty ? [] : members { member.catalogue.assumeIsolated { $0.activate() } }
        for caller in callers.values where caller.isDescribed {
            for feature in Feature.allCases where feature.listChangedMethod != nil {
                caller.observer?.listChanged(feature)
            }
        }
    }

    // MARK: What it knows

    func index(of server: String) -> Int? { indices[server] }

    /// The lists of all members together, whoever may see them.
    func mergedLists() -> MergedLists {
        if let lists { return lists }
        let made = MergedLists(members.map(\.lists), rules: rules.names)
        let clashes = made.tools.caseClashes
        for clash in clashes where !toldClashes.contains(clash) {
            logger.log(.nameClash, [.reason: "\(clash.joined(separator: ", "))"])
        }
        toldClashes = clashes
        lists = made
        return made
    }

    /// Who a caller is for each of the members.
    func principals(of caller: Caller) -> [Principal?] {
        let key = caller.profile.principal
        if let known = principals[key] { return known }
        let found = members.map { $0.principal(of: key) }
        principals[key] = found
        return found
    }

    /// The catalogues of members that let this caller in. All members' are asked from now on, so that names do not
    /// depend on who comes first.
    func catalogues(for caller: Caller) -> [Catalogue] {
        for member in members { member.catalogue.assumeIsolated { $0.activate() } }
        return zip(members, principals(of: caller)).filter { $1 != nil }.map(\.0.catalogue)
    }

    /// Calls `action` once each of these has answered or used up its time. None is waited for twice.
    func whenSettled(_ catalogues: ArraySlice<Catalogue>, _ action: @escaping @Sendable () -> Void) {
        let rest = catalogues.drop { !$0.assumeIsolated { $0.isSettling } }
        guard let next = rest.first else { return action() }
        next.assumeIsolated { catalogue in
            catalogue.whenSettled { self.assumeIsolated { $0.whenSettled(rest.dropFirst(), action) } }
        }
    }

    /// What a client of this caller's is told when it connects.
    func description(for caller: Caller) -> Result<ServerDescription, Unavailability> {
        let described = zip(members, principals(of: caller)).filter { $1 != nil }.map { member, _ in
            MergedDescription.Member(
                server: member.server, prefix: member.lists.prefix, description: member.contents.description)
        }
        let merged = MergedDescription(
            members: described, identity: identity, separator: rules.names.separator)
        do throws(ServerDescription.Unusable) {
            return .success(try merged.description())
        } catch {
            return .failure(Unavailability(server: name, phase: "failed", reason: error.reason))
        }
    }

    private func changed(_ features: Set<Feature>, of server: String) {
        lists = nil
        guard let index = indices[server] else { return }
        for caller in callers.values where caller.isDescribed && principals(of: caller.caller)[index] != nil {
            for feature in Feature.allCases where features.contains(feature) { caller.observer?.listChanged(feature) }
        }
    }

    // MARK: Callers and members

    /// Makes a caller known to a member that it is about to use.
    func join(_ id: CallerID, to member: AggregateMember) {
        guard let state = callers[id], state.joined[member.server] == nil else { return }
        callers[id]?.joined[member.server] = member.route.callee
        let observer = MemberObserver(aggregate: self, server: member.server, caller: id)
        member.route.callee.attach(observer, as: state.caller)
        if let level = state.logLevel { member.route.callee.setLogLevel(level, of: id) }
    }

    /// Leaves the members that are gone, and joins what has taken the place of others.
    private func rejoin(_ id: CallerID) {
        guard let state = callers[id] else { return }
        for (server, callee) in state.joined {
            let member = indices[server].map { members[$0] }
            guard member?.route.callee !== callee else { continue }
            callee.unobserve(id)
            callers[id]?.joined[server] = nil
            if let member { join(id, to: member) }
        }
    }

    // MARK: What members say

    /// A URI of a member's as clients must know it. One that nobody lists is remembered as this member's.
    func exposed(_ uri: String, of server: String) -> String {
        guard let index = indices[server] else { return uri }
        let resources = mergedLists().resources
        guard let owner = resources.owner(of: uri) else {
            links.add(uri, of: server)
            return links[uri] == server ? uri : resources.labelled(uri, index)
        }
        return owner == index ? uri : resources.labelled(uri, index)
    }

    /// Where a URI of a client's leads; `nil` if nobody is known to have it.
    func place(of uri: String) -> ResourceDirectory.Place? {
        if let place = mergedLists().resources.resolve(uri) { return place }
        return links[uri].flatMap { indices[$0] }.map { ResourceDirectory.Place(member: $0, uri: uri) }
    }

    func pass(_ notification: Message, from server: String, to id: CallerID) {
        callers[id]?.observer?.notified(translated(notification, from: server))
    }

    func pass(_ request: ServerRequest, from server: String, to id: CallerID) {
        guard let state = callers[id], let observer = state.observer, let callee = state.joined[server] else { return }
        questions[request.id] = (callee, id)
        observer.asked(
            ServerRequest(
                id: request.id, message: SpokenFor.question(request.message, by: server), sink: request.sink))
    }

    func withdraw(_ request: ServerRequestID, from id: CallerID) {
        questions[request] = nil
        callers[id]?.observer?.withdrawn(request)
    }

    func takeQuestion(_ request: ServerRequestID, of id: CallerID) -> (any Callee)? {
        guard let question = questions[request], question.caller == id else { return nil }
        questions[request] = nil
        return question.callee
    }

    func callee(asking request: ServerRequestID, of id: CallerID) -> (any Callee)? {
        questions[request].flatMap { $0.caller == id ? $0.callee : nil }
    }

    func forgetQuestions(of id: CallerID) {
        questions = questions.filter { $0.value.caller != id }
    }

    func translated(_ notification: Message, from server: String) -> Message {
        if notification.isMethod("notifications/message") { return SpokenFor.logMessage(notification, by: server) }
        guard notification.isMethod("notifications/resources/updated"), let uri = notification.paramsURI,
            let range = notification.envelope.paramsURI
        else { return notification }
        let exposed = exposed(uri, of: server)
        guard exposed != uri else { return notification }
        return (try? Message(notification.replacing((range, JSONText.quotedBuffer(exposed))))) ?? notification
    }

    /// What a member says in the course of a call, as clients must read it.
    nonisolated func translated(notification bytes: ByteBuffer, from server: String) -> ByteBuffer {
        guard let message = try? Message(bytes) else { return bytes }
        return assumeIsolated { $0.translated(message, from: server) }.bytes
    }

    /// An error that wants URLs visited, with the member's name in it: who is sent somewhere must see by whom.
    private static func naming(_ server: String, in bytes: ByteBuffer) -> ByteBuffer {
        guard bytes.contains("-32042"), let message = try? Message(bytes), let range = message.envelope.error,
            let named = RequiredURLs.naming(server, in: message.slice(range))
        else { return bytes }
        return message.replacing((range, named))
    }

    /// The answer of a member to a request of this method, as clients must read it.
    nonisolated func translated(answer bytes: ByteBuffer, to method: String, from server: String) -> ByteBuffer {
        let bytes = Self.naming(server, in: bytes)
        return ResourceLinks.translating(bytes, method: method) { uri in
            let exposed = assumeIsolated { $0.exposed(uri, of: server) }
            return exposed == uri ? nil : exposed
        }
    }
}
