/// The table of calls: one row per transport, text and number of sessions.
struct CallTable {
    private struct Row {
        let cell: LoadGenerator.Cell
        let cpuPerCall: Double
    }

    private static let columns = [
        ("transport", 10), ("text", 7), ("sessions", 8), ("in flight", 9), ("direct/s", 9), ("gateway/s", 9),
        ("ratio", 6), ("direct p50", 10), ("p99 µs", 9), ("gateway p50", 11), ("p99 µs", 9), ("CPU µs/call", 11),
    ]

    private var rows: [Row] = []

    func showHead() {
        Text.show(Text.row(Self.columns.map(\.0), widths: Self.columns.map(\.1)))
    }

    mutating func add(_ cell: LoadGenerator.Cell, direct: CallRun.Figures, gateway: CallRun.Figures) {
        let directly = Self.rate(direct)
        let through = Self.rate(gateway)
        let cpu = Double(gateway.cpu) / 1000 / Double(max(1, gateway.latencies.count))
        let directTimes = Distribution(direct.latencies)
        let gatewayTimes = Distribution(gateway.latencies)
        let texts = [
            cell.transport.name, Text.size(cell.textSize), String(cell.sessions), String(cell.window),
            Text.number(directly), Text.number(through), Text.number(through / max(1, directly), decimals: 2),
            Text.number(directTimes.microseconds(at: 0.5)), Text.number(directTimes.microseconds(at: 0.99)),
            Text.number(gatewayTimes.microseconds(at: 0.5)), Text.number(gatewayTimes.microseconds(at: 0.99)),
            Text.number(cpu, decimals: 1),
        ]
        Text.show(Text.row(texts, widths: Self.columns.map(\.1)))
        rows.append(Row(cell: cell, cpuPerCall: cpu))
    }

    /// Judges the CPU time of long texts, of the transport that does worse.
    ///
    /// - Parameter sessions: with one session the kernel's waking up is most of a short call.
    func check(_ aims: inout Aims, sessions: Int) {
        let transports = Transport.compared
        let ratios = transports.compactMap { transport -> Double? in
            guard let long = cpu(transport, 16 << 10, sessions), let short = cpu(transport, 64, sessions) else {
                return nil
            }
            return long / short
        }
        if let worst = ratios.max() {
            aims.check("CPU of a 16 KiB call, in that of a 64 B call", worst, atMost: 3, unit: "×", decimals: 2)
        }
        if let worst = transports.compactMap({ cpu($0, 1 << 20, sessions) }).max() {
            aims.check("CPU of a 1 MiB call", worst / 1000, atMost: 2, unit: "ms", decimals: 2)
        }
    }

    private func cpu(_ transport: Transport, _ textSize: Int, _ sessions: Int) -> Double? {
        rows.first {
            $0.cell.transport == transport && $0.cell.textSize == textSize && $0.cell.sessions == sessions
        }?.cpuPerCall
    }

    private static func rate(_ figures: CallRun.Figures) -> Double {
        Double(figures.latencies.count) / (Double(max(1, figures.elapsed)) / 1e9)
    }
}

extension Transport {
    var name: String {
        switch self {
        case .streamable: "streamable"
        case .legacy: "HTTP+SSE"
        case .modern: "modern"
        }
    }
}
