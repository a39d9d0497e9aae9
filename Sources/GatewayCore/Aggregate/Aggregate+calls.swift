internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// Whose a call is, and what the server is asked.

extension Aggregate {
    /// Takes a call: answers it from the catalogues, passes it on, or refuses it.
    func take(_ call: AggregateCall) {
        let method = call.message.methodName ?? ""
        if let kind = ListKind(method: method) {
            callers[call.caller.id]?.isDescribed = true
            return wait(with: call) { $0.list(kind, call) }
        }
        switch method {
        case "tools/call", "prompts/get", "completion/complete":
            if let target = target(of: call, method) { return pass(call, method, to: target) }
            // Its server may be about to tell that it has it.
            wait(with: call) { aggregate in
                guard let target = aggregate.target(of: call, method) else { return aggregate.refuse(call, method) }
                aggregate.pass(call, method, to: target)
            }
        case "resources/read":
            wait(with: call, unless: call.message.paramsURI.flatMap(place) != nil) { $0.read(call) }
        default:
            call.sink.refuse(call.id, .methodNotFound, "\"\(method)\" cannot be asked of several servers together")
        }
    }

    /// Calls `action` when the lists of the members that this caller may use are known, as far as they can be.
    private func wait(
        with call: AggregateCall, unless isKnown: Bool = false,
        _ action: @escaping @Sendable (isolated Aggregate) -> Void
    ) {
        let catalogues = catalogues(for: call.caller)
        guard !isKnown, catalogues.contains(where: { $0.assumeIsolated { $0.isSettling } }) else { return action(self) }
        let (caller, id) = (call.caller.id, call.id)
        guard callers[caller]?.waiting[id] == nil else {
            return call.sink.refuse(id, .invalidRequest, "a request with this id waits for its answer already")
        }
        let isKept = callers[caller] != nil
        callers[caller]?.waiting[id] = call.sink
        whenSettled(catalogues[...]) {
            self.assumeIsolated { aggregate in
                // It may have been cancelled meanwhile, or its caller be gone.
                if isKept, aggregate.callers[caller]?.waiting.removeValue(forKey: id) == nil { return }
                action(aggregate)
            }
        }
    }

    // MARK: Lists

    private func list(_ kind: ListKind, _ call: AggregateCall) {
        let cursor = call.message.params.flatMap(JSONOutline.members)?.last { $0.key == "cursor" }?.value
        let (principals, members) = (principals(of: call.caller), members)
        let isAway = members.map(\.contents.isAway)
        let entries = mergedLists().list(kind) { entry in
            guard let principal = principals[entry.member], !isAway[entry.member] else { return false }
            return kind != .tools || members[entry.member].route.admits(entry.identity, for: principal)
        }
        // Pages are for models and programs elsewhere; the gateway itself reads all of them, and each costs a look at all.
        let size = call.caller.profile.principal == .gateway ? nil : rules.pageSize
        do throws(ListPage.StaleCursor) {
            guard let cursor, cursor != ByteBuffer(string: "null") else {
                return answer(call, kind, try ListPage(of: entries, kind, at: nil, size: size).result)
            }
            guard let text = JSONOutline.string(cursor) else { throw ListPage.StaleCursor() }
            answer(call, kind, try ListPage(of: entries, kind, at: text, size: size).result)
        } catch {
            call.sink.refuse(
                call.id, .invalidParams,
                "this cursor is of no use: the list has changed since, or it never was one; begin without a cursor")
        }
    }

    /// A page as the caller's revision has it: its members' lists are kept as MCP 2026-07-28 has them.
    private func answer(_ call: AggregateCall, _ kind: ListKind, _ page: ByteBuffer) {
        let revision = call.caller.profile.revision
        guard revision.isLegacy else {
            let caching = caching(of: kind, for: call.caller)
            return answer(call, JSONText.object((JSONOutline.members(of: page) ?? []) + caching.members))
        }
        let response = MessageBuilder.result(id: call.id, page)
        guard kind == .tools, page.contains("outputSchema"), let message = try? Message(response) else {
            return answer(call, page)
        }
        var legacy = LegacyResult()
        call.sink.finish(.message(legacy.projecting(message, of: kind.method, tool: nil, to: revision)))
    }

    /// How a merged list may be kept: as the most careful of its servers says, and by nobody else if it depends on who
    /// asks ("Caching").
    private func caching(of kind: ListKind, for caller: Caller) -> ModernResult.Caching {
        let all = zip(members, principals(of: caller)).reduce(ModernResult.Caching.unlimited) { caching, part in
            let (member, principal) = part
            let isPersonal =
                member.route.access.asksForTokens || (kind == .tools && !member.route.guardedTools.isEmpty)
            let own = member.contents.isAway ? nil : member.contents.caching[kind]
            let common = isPersonal ? caching.merged(with: .personal) : caching
            // One that the caller may not use has no part in it, and yet the list is as it is for that reason.
            return principal == nil ? common : common.merged(with: own ?? .none)
        }
        // Who has nothing to list yet may have tomorrow.
        return all.timeToLive == .max ? all.merged(with: .none) : all
    }

    private func answer(_ call: AggregateCall, _ result: ByteBuffer) {
        call.sink.finish(.message(MessageBuilder.result(id: call.id, result)))
    }

    // MARK: Names

    /// Where a call leads: the member, and the message that it is sent.
    struct Target {
        let member: Int
        let message: Message
    }

    private func target(of call: AggregateCall, _ method: String) -> Target? {
        switch method {
        case "tools/call": target(of: call, named: mergedLists().tools) { $0.route.admits($1, for: $2) }
        case "prompts/get": target(of: call, named: mergedLists().prompts) { _, _, _ in true }
        default: completionTarget(of: call)
        }
    }

    private func target(
        of call: AggregateCall, named names: ExposedNames, where isAllowed: (AggregateMember, String, Principal) -> Bool
    ) -> Target? {
        guard let range = call.message.envelope.paramsName, let name = call.message.paramsName,
            let origin = names.origin(of: name), let principal = principals(of: call.caller)[origin.member],
            isAllowed(members[origin.member], origin.name, principal),
            let message = try? Message(call.message.replacing((range, JSONText.quotedBuffer(origin.name))))
        else { return nil }
        return Target(member: origin.member, message: message)
    }

    /// A completion names a prompt, or a template or URI (MCP "Completion").
    private func completionTarget(of call: AggregateCall) -> Target? {
        guard let range = call.message.envelope.params,
            var params = JSONOutline.members(of: call.message.slice(range)),
            let place = params.lastIndex(where: { $0.key == "ref" }),
            var ref = JSONOutline.members(of: params[place].value)
        else { return nil }
        func text(_ key: String) -> String? {
            ref.last { $0.key == key }.flatMap { JSONOutline.string($0.value) }
        }
        let found: (key: String, member: Int, text: String)? =
            switch text("type") {
            case "ref/prompt":
                text("name").flatMap(mergedLists().prompts.origin).map { ("name", $0.member, $0.name) }
            case "ref/resource":
                text("uri").flatMap(self.place).map { ("uri", $0.member, $0.uri) }
            default: nil
            }
        guard let found, principals(of: call.caller)[found.member] != nil else { return nil }
        ref = ref.map { $0.key == found.key ? ($0.key, JSONText.quotedBuffer(found.text)) : $0 }
        params[place].value = JSONText.object(ref)
        guard let message = try? Message(call.message.replacing((range, JSONText.object(params)))) else { return nil }
        return Target(member: found.member, message: message)
    }

    private func pass(_ call: AggregateCall, _ method: String, to target: Target) {
        let member = members[target.member]
        if method == "completion/complete", member.contents.description?.features.contains(.completions) == false {
            return answer(call, ByteBuffer(string: #"{"completion":{"values":[]}}"#))
        }
        send(target.message, method, to: member, for: call, sink: call.sink)
    }

    private func send(
        _ message: Message, _ method: String, to member: AggregateMember, for call: AggregateCall, sink: any CallerSink
    ) {
        join(call.caller.id, to: member)
        let sink = MemberSink(aggregate: self, server: member.server, method: method, next: sink)
        member.route.callee.call(
            message, id: call.id, by: call.caller, headers: member.headers(among: call.headers), sink: sink)
    }

    private func refuse(_ call: AggregateCall, _ method: String) {
        let (unknown, kinds): (String, [ListKind]) =
            switch method {
            case "tools/call": ("Unknown tool: \(call.message.paramsName ?? "")", [.tools])
            case "prompts/get": ("Unknown prompt: \(call.message.paramsName ?? "")", [.prompts])
            default: ("Unknown prompt or resource in \"ref\"", [.prompts, .resources, .templates])
            }
        let silent = zip(members, principals(of: call.caller)).filter { member, principal in
            principal != nil && !kinds.allSatisfy(member.contents.lists.keys.contains)
        }.map(\.0.server)
        let hint = silent.isEmpty ? "" : " (not reached yet: \(silent.joined(separator: ", ")))"
        call.sink.refuse(call.id, .invalidParams, unknown + hint)
    }

    // MARK: Resources

    private func read(_ call: AggregateCall) {
        guard let uri = call.message.paramsURI, let range = call.message.envelope.paramsURI else {
            return call.sink.refuse(call.id, .invalidParams, "resources/read needs a \"uri\" in its params")
        }
        let principals = principals(of: call.caller)
        guard let place = place(of: uri) else {
            let candidates = members.indices.filter { index in
                principals[index] != nil && members[index].contents.description?.features.contains(.resources) == true
            }
            return attempt(call, uri, candidates.map { members[$0].server }[...])
        }
        guard principals[place.member] != nil,
            let message = try? Message(call.message.replacing((range, JSONText.quotedBuffer(place.uri))))
        else { return call.sink.refuseUnknownResource(call.id, uri) }
        send(message, "resources/read", to: members[place.member], for: call, sink: call.sink)
    }

    /// Asks one server after another for a resource that none of them lists: some have more than they list.
    private func attempt(_ call: AggregateCall, _ uri: String, _ servers: ArraySlice<String>) {
        guard let server = servers.first else { return call.sink.refuseUnknownResource(call.id, uri) }
        let rest = servers.dropFirst()
        guard let index = index(of: server) else { return attempt(call, uri, rest) }
        let sink = AttemptSink(next: call.sink) {
            self.assumeIsolated { $0.attempt(call, uri, rest) }
        }
        send(call.message, "resources/read", to: members[index], for: call, sink: sink)
    }
}
