import GatewayConfiguration

/// A configuration as text: what differs from the defaults, one thing a line.
func dump(_ configuration: Configuration) -> [String] {
    let front = configuration.front
    let plain = FrontConfiguration()
    var lines = ["listen \(front.addresses.map(\.description).joined(separator: " "))"]
    if let url = front.baseURL {
        lines.append("baseURL \(url.scheme ?? "-") \(url.authority ?? "-") prefix \(quoted(url.pathPrefix))")
    }
    if let name = front.name { lines.append("name \(quoted(name))") }
    if let version = front.version { lines.append("version \(quoted(version))") }
    lines.append("type \(front.type.rawValue)")
    lines.append(
        "options panicIfInvalid=\(front.options.panicIfInvalid) logEnabled=\(front.options.logEnabled) "
            + "authTokens=\(front.options.authTokens)")
    if !front.corsOrigins.isEmpty { lines.append("cors \(front.corsOrigins)") }
    if !front.allowedHosts.isEmpty { lines.append("allowedHosts \(front.allowedHosts)") }
    if !front.allowedNetworks.isEmpty { lines.append("allowedNetworks \(front.allowedNetworks)") }
    if let page = front.page { lines.append("page \(page)") }
    if !front.adminTokens.isEmpty { lines.append("adminTokens \(front.adminTokens)") }
    if front.limits != plain.limits { lines.append("limits \(front.limits)") }
    if front.aggregate != plain.aggregate {
        let aggregate = front.aggregate
        lines.append(
            "aggregate enabled=\(aggregate.isEnabled) separator=\(quoted(aggregate.separator)) "
                + "maxNameLength=\(aggregate.maximumNameLength) pageSize=\(aggregate.pageSize.map(String.init) ?? "-")")
    }
    for group in front.groups { lines.append("group \(quoted(group.name)) \(group.servers)") }
    return lines + configuration.servers.flatMap(dump)
}

private func dump(_ server: ServerConfiguration) -> [String] {
    let plain = ServerConfiguration(name: server.name, kind: .disabled)
    var lines = ["server \(quoted(server.name))"]
    switch server.kind {
    case .process(let process):
        lines.append("  process \(quoted(process.command)) \(process.arguments)")
        for (name, value) in process.environment.sorted(by: { $0.key < $1.key }) {
            lines.append("  env \(name)=\(quoted(value))")
        }
        if let directory = process.workingDirectory { lines.append("  cwd \(quoted(directory))") }
    case .remote(let remote):
        lines.append("  remote \(remote.transport?.rawValue ?? "-") \(quoted(remote.url))")
        for (name, value) in remote.headers.sorted(by: { $0.key < $1.key }) {
            lines.append("  header \(name): \(quoted(value))")
        }
        if !remote.forwardedHeaders.isEmpty { lines.append("  forwardHeaders \(remote.forwardedHeaders)") }
        if remote.tls != TLSConfiguration() {
            let files = [remote.tls.caFile, remote.tls.certificateFile, remote.tls.keyFile].map { $0 ?? "-" }
            lines.append("  tls \(files.joined(separator: " ")) insecure=\(remote.tls.isInsecure)")
        }
    case .builtin(let builtin): lines.append("  builtin \(builtin)")
    case .invalid(let reason): lines.append("  invalid \(reason)")
    case .disabled: lines.append("  disabled")
    }
    lines.append(
        "  options panicIfInvalid=\(server.options.panicIfInvalid) logEnabled=\(server.options.logEnabled) "
            + "authTokens=\(server.options.authTokens)")
    if let filter = server.options.toolFilter { lines.append("  toolFilter \(filter.mode.rawValue) \(filter.list)") }
    if server.era != plain.era { lines.append("  era \(server.era.rawValue)") }
    if server.required { lines.append("  required") }
    if server.startTimeout != plain.startTimeout { lines.append("  startTimeout \(server.startTimeout)") }
    if server.stopTimeout != plain.stopTimeout { lines.append("  stopTimeout \(server.stopTimeout)") }
    if server.callTimeout != plain.callTimeout { lines.append("  callTimeout \(server.callTimeout)") }
    if server.callMaximum != plain.callMaximum { lines.append("  callMaximum \(server.callMaximum)") }
    if server.restart != plain.restart {
        let restart = server.restart
        lines.append(
            "  restart initial=\(restart.initial) max=\(restart.max) window=\(restart.window) "
                + "attempts=\(restart.attempts)")
    }
    if server.probe != plain.probe {
        lines.append("  probe " + (server.probe.map { "interval=\($0.interval) timeout=\($0.timeout)" } ?? "off"))
    }
    if server.exposure != plain.exposure {
        let exposure = server.exposure
        lines.append("  expose inAll=\(exposure.isInAll) prefix=\(exposure.prefix.map(quoted) ?? "-")")
        for (name, tool) in exposure.tools.sorted(by: { $0.key < $1.key }) {
            let texts = [tool.name, tool.description].map { $0.map(quoted) ?? "-" }
            lines.append("  tool \(quoted(name)) \(texts.joined(separator: " ")) hidden=\(tool.isHidden)")
        }
    }
    return lines
}

private func quoted(_ text: String) -> String {
    text.debugDescription
}
