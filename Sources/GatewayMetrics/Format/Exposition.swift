/// Samples as the text that Prometheus reads (its "Text-based format", version 0.0.4).
public enum Exposition {
    /// The media type of the text.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// All samples, those of one metric together. Metrics without a sample are left out.
    public static func text(of samples: [Sample]) -> String {
        let groups = Dictionary(grouping: samples, by: \.metric)
        var text = ""
        for metric in Metric.allCases {
            guard let group = groups[metric] else { continue }
            text += "# HELP \(metric.rawValue) \(metric.help)\n# TYPE \(metric.rawValue) \(metric.kind.rawValue)\n"
            for sample in group { write(sample, to: &text) }
        }
        return text
    }

    private static func write(_ sample: Sample, to text: inout String) {
        let name = sample.metric.rawValue
        switch sample.value {
        case .number(let number):
            line(name, sample.labels, spell(number), to: &text)
        case .distribution(let counts, let sum):
            var total: UInt64 = 0
            for (index, count) in counts.enumerated() {
                total += count
                let bound = index < Metric.bounds.count ? spell(Metric.bounds[index]) : "+Inf"
                line("\(name)_bucket", sample.labels + [("le", bound)], String(total), to: &text)
            }
            line("\(name)_sum", sample.labels, spell(sum), to: &text)
            line("\(name)_count", sample.labels, String(total), to: &text)
        }
    }

    private static func line(_ name: String, _ labels: [Sample.Label], _ value: String, to text: inout String) {
        text += name
        if !labels.isEmpty {
            text += "{"
            for (index, label) in labels.enumerated() {
                if index > 0 { text += "," }
                text += "\(label.name)=\"\(escape(label.value))\""
            }
            text += "}"
        }
        text += " \(value)\n"
    }

    /// Whole numbers without a fraction.
    private static func spell(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { String(whole) } else { String(number) }
    }

    private static func escape(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == 0x0A }) else {
            return value
        }
        return value.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += #"\\"#
            case "\"": text += #"\""#
            case "\n": text += #"\n"#
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
