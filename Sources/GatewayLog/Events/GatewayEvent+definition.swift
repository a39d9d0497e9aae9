internal import Logging

extension GatewayEvent {
    /// What is the same in every occurrence. Where an event is added, `docs/journal.md` and `units/mcp-gateway.catalog`
    /// need a word about it, which a test asks for.
    public var definition: EventDefinition {
        switch self {
        case .gatewayListening:
            EventDefinition("f828a3e707194f6da50f57eff0a83b3f", .info, "listening on", .url, .reason)
        case .clientHint:
            EventDefinition("9a2c5ab188eb4c9384cd70c6574b5281", .info, "to connect a client", .command)
        case .gatewayReady:
            EventDefinition("1e8726187c024baa95e630cbcc908cd1", .info, "gateway ready")
        case .gatewayStatus:
            EventDefinition("51b3c9dfa9684511bf5a034914fbb3af", .debug, "gateway status", .summary)
        case .gatewayStopping:
            EventDefinition("8bbb10d9667d40f4be180a17c301a81d", .info, "gateway stopping")
        case .gatewayStopped:
            EventDefinition("917dd57999ec4490872c0ffc588bc807", .info, "gateway stopped")
        case .cannotStart:
            EventDefinition(
                "336366e74f1b424787309b667dccb58d", .critical, "the gateway cannot start", .errorNumber, .reason)
        case .openDoors:
            EventDefinition(
                "10813da1be4247eb828f2bc0a721a032", .warning,
                "servers ask for no token (options.authTokens), so that anybody can use them who reaches",
                .address, .servers)
        case .configurationError:
            EventDefinition("f127fc1844f1422a9fbf92acc78bd192", .error, "the configuration has a mistake", .reason)
        case .configurationWarning:
            EventDefinition(
                "463262f0ec8648eba858e5b1b5cce10b", .warning, "the configuration has a doubtful place", .reason)
        case .reloadDone:
            EventDefinition("5e1a29f0acaa4501bfeaa1d0ea00a52d", .info, "configuration reloaded", .changes)
        case .reloadRefused:
            EventDefinition(
                "38ecd48617d24fd8b20895cefaf2bb73", .error,
                "configuration not reloaded, the gateway runs on as before", .count)
        case .reloadIgnored:
            EventDefinition(
                "51ca21b9fcc44995a3206acd11676458", .warning,
                "configuration not read again, because the gateway is stopping")
        case .operatorOrder:
            EventDefinition("a11568ce8bab4babba3aad37c96cc0ec", .info, "an operator's order", .server, .command)
        case .controlUnavailable:
            EventDefinition(
                "b7f8e9d3bb9f4c5ebdbdb6d62696d258", .warning,
                "no control socket, so that mcp-gateway status and the like cannot reach this gateway", .path, .reason)
        case .descriptorLimit:
            EventDefinition(
                "32f0245a5cf54657ada892a798ff4407", .warning, "cannot raise the limit of open files", .reason)
        case .guardStarted:
            EventDefinition("549e6c64e54547bc992d8a506c5a5133", .info, "guard started", .pid)
        case .guardEnded:
            EventDefinition(
                "2feee67963904a279f720502bb99292e", .warning,
                "the guard has ended; until the next one runs, what servers forked would outlive a killed gateway",
                .reason)
        case .guardFailed:
            EventDefinition(
                "5304984e58914379865254b7aa6bf536", .error,
                "cannot start the guard; what servers forked would outlive a killed gateway", .reason)
        case .descriptionNotKept:
            EventDefinition("8f89b355ca16404797b38981912c19cc", .debug, "description not kept", .path, .reason)
        case .watchdogMalformed:
            EventDefinition(
                "c1fe7c991b934a6082c228e8f50b883b", .warning,
                "the watchdog is not fed: WATCHDOG_USEC or WATCHDOG_PID is malformed", .errorNumber)
        case .managerUnreachable:
            EventDefinition(
                "040aec2235704a289799410a6c1289de", .warning,
                "the service manager could not be notified", .state, .errorNumber)
        case .logDropped:
            EventDefinition(
                "6e8d3e86052d40c3af73c9a0bdeb7ea0", .warning,
                "log entries were dropped, because they were not taken in time", .count)
        case .serverStarting:
            EventDefinition(
                "7c99407af1534787b41ad36c38c61216", .info, "server starting", .server, .phase, .generation, .reason)
        case .serverSpawned:
            EventDefinition("dfcfab9c0a534fa280b307b854616a45", .info, "server spawned", .server, .generation, .pid)
        case .serverReady:
            EventDefinition(
                "a4af775a20f34abaabc3c2570937bb1e", .info,
                "server ready", .server, .phase, .generation, .duration)
        case .serverEnded:
            EventDefinition(
                "30a1e9ebec30433a98a7344b73d026ac", .warning,
                "server ended", .server, .generation, .pid, .exitStatus, .signal, .reason)
        case .serverBackingOff:
            EventDefinition(
                "8fe6ade7ed784cd6af3db48f50156714", .warning,
                "server backing off", .server, .phase, .generation, .nextStart, .reason)
        case .serverGaveUp:
            EventDefinition(
                "fc457cf249b441d8b7f2c3f271137c10", .error,
                "server fails too often, and is tried only rarely from now on",
                .server, .phase, .generation, .nextStart, .reason)
        case .serverStopping:
            EventDefinition(
                "060f6e215c0f4fd09359251a358abc37", .info, "server stopping", .server, .phase, .generation, .reason)
        case .serverStopped:
            EventDefinition(
                "5cc25039d6e94471866be5a08e8738a7", .info, "server stopped", .server, .phase, .generation, .reason)
        case .serverFailed:
            EventDefinition(
                "e6a862d94d804768aa93e5944441812f", .error, "server failed", .server, .phase, .generation, .reason)
        case .serverRetiring:
            EventDefinition("4e29039ef3e44694bb98758a2618b82e", .info, "server retires", .server, .count)
        case .serverSilent:
            EventDefinition(
                "363db6f90a0d4652b2809bc2995d338d", .warning, "the server has been silent, with calls in flight",
                .server, .duration, .count)
        case .serverMute:
            EventDefinition(
                "60a620fd5cd7480eaae0a70b2dc36a97", .warning,
                "the server answers no pings, so it is not sent any more: a hang will show only in calls", .server)
        case .callLost:
            EventDefinition("41e165edc84d456e9a76afd52227a896", .warning, "calls were lost", .server, .count, .reason)
        case .callTimedOut:
            EventDefinition(
                "ab5d4cde79564351a4c201a9cd620d45", .warning, "calls were not answered in time", .server, .count)
        case .stderrFlood:
            EventDefinition(
                "155d6609d6a64e849892bec7517f0a61", .warning,
                "lines of the server's stderr were left out of the log", .server, .count)
        case .logFlood:
            EventDefinition(
                "8f1a8070eaca48659fda82d69b067f17", .warning,
                "entries about the server were left out of the log", .server, .count)
        case .outputUnusable:
            EventDefinition(
                "c86c707cfb4443f98c3139ce629a3dee", .warning,
                "a line on the server's stdout is no MCP message and was skipped", .server, .count, .head, .reason)
        case .messageTooLong:
            EventDefinition(
                "fa42b609c6dc4750ae4892942fcd1e66", .warning,
                "a message of the server's was longer than the limit and was thrown away", .server, .limit)
        case .answerDropped:
            EventDefinition("1740253606ec4b17ac9987999b8260f3", .debug, "answer to no open request dropped", .server)
        case .notificationDropped:
            EventDefinition("a84dcee38f9a45af9b836da4e95b5587", .debug, "notification dropped", .server, .method)
        case .questionRefused:
            EventDefinition(
                "36dac1e79ad3498ba61c6198ee07e494", .warning,
                "the server asked what could be meant for several clients, and was refused", .server, .method)
        case .serverInteractive:
            EventDefinition(
                "e8157a82be4f4a2d89063ae5976f933e", .info,
                "the server asks its clients: those that can be asked get instances of their own", .server)
        case .instancesExhausted:
            EventDefinition(
                "cd93c870671c42a9a8d3e3d36bfd5afb", .warning,
                "there are too many instances of the server to start another", .server, .limit)
        case .toolHidden:
            EventDefinition(
                "8327fa4af06941268eaa3dd7fbfcdf93", .warning,
                "a tool of the server's is kept from clients, because of its x-mcp-header",
                .server, .tool, .reason)
        case .toolWithoutPath:
            EventDefinition(
                "cd29f72651aa4eddb6d4951bf14e83c0", .warning,
                "a tool of the server's is left out of its OpenAPI document, because of its name", .server, .tool)
        case .listCut:
            EventDefinition(
                "cf01dd4486344073b0d6785432ddbd4b", .warning, "a list of the server's was not taken to its end",
                .server, .reason)
        case .nameClash:
            EventDefinition(
                "33cb800fb2f44f338d2481db36c76cc6", .warning,
                "tools have names that differ only in case, and some clients take them for the same", .reason)
        case .requestAnswered:
            EventDefinition(
                "6b7822455c384c809af1ab75b255f4a0", .info,
                "request answered", .server, .method, .tool, .requestID, .outcome, .errorCode, .duration, .session)
        case .requestRefused:
            EventDefinition(
                "34b2eb20e9e74725bb78acd5eec78b36", .info,
                "request refused", .server, .httpMethod, .endpoint, .status, .duration)
        case .httpAnswered:
            EventDefinition(
                "d88b6045e4794459ac96b8110cb68206", .debug,
                "HTTP request answered", .server, .httpMethod, .endpoint, .status, .eventStream, .duration)
        case .clientTooSlow:
            EventDefinition(
                "85381c8d73d84dea95003b9ffded1bc7", .info,
                "a client that did not read its answer was disconnected", .bytes)
        case .clientTooGreedy:
            EventDefinition(
                "939143b229164bf49f299b37ae8d24f6", .warning,
                "too much waits in memory for clients: the one for whom most does is disconnected", .bytes, .limit)
        case .addressRefused:
            EventDefinition(
                "eee75c3f7e15460ea7246cfaa2d29107", .debug,
                "connection refused: its address is in none of allowedNetworks")
        case .peerRefused:
            EventDefinition(
                "77d5d72881aa44f2a2c53e3cfc493cd6", .warning,
                "connection refused: only root, the gateway's user and its group may use the control socket",
                .pid, .user, .count)
        case .adminRefused:
            EventDefinition(
                "47758b52a1464cbd80b968d0236a15fd", .warning,
                "a wrong token was sent to the admin API from", .address, .count)
        }
    }
}
