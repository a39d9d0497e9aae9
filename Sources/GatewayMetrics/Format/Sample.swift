/// One measured value, with the labels that tell it from others of its metric.
public struct Sample: Sendable, Equatable {
    /// A label's name and value.
    public typealias Label = (name: String, value: String)

    /// What was measured.
    public let metric: Metric
    /// In the order in which they are written.
    public let labels: [Label]
    /// In the metric's unit: seconds, bytes, or a number.
    public let value: Value

    /// What there is to tell.
    public enum Value: Sendable, Equatable {
        case number(Double)
        /// How many values fell into each bucket and none below it, the last one unbounded; and their sum.
        case distribution(counts: [UInt64], sum: Double)
    }

    /// Describes a value.
    public init(_ metric: Metric, _ value: Value, _ labels: [Label] = []) {
        self.metric = metric
        self.labels = labels
        self.value = value
    }

    /// Describes a number.
    public init(_ metric: Metric, _ number: Double, _ labels: [Label] = []) {
        self.init(metric, .number(number), labels)
    }

    /// Whether both tell the same.
    public static func == (one: Sample, other: Sample) -> Bool {
        one.metric == other.metric && one.value == other.value && one.labels.elementsEqual(other.labels, by: ==)
    }
}
