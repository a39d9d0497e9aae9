extension ScanError: CustomStringConvertible {
    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .notJSON(let offset): "not JSON, at byte \(offset)"
        case .tooDeep(let offset): "nested too deeply, at byte \(offset)"
        case .notAnObject: "a message is a JSON object"
        case .batch: "batches are not accepted"
        case .notJSONRPC(let reason): reason.rawValue
        }
    }
}
