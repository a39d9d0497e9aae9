/// Says what it was asked, so that a test can see that all of it arrived.
enum Completion {
    static func result(for params: RawJSON?) -> String {
        let about = params?["ref"]?["name"]?.string ?? params?["ref"]?["uri"]?.string ?? ""
        let (name, value) = (params?["argument"]?["name"]?.string ?? "", params?["argument"]?["value"]?.string ?? "")
        let known = params?["context"]?["arguments"]?.description ?? "{}"
        let values = ["\(about) \(name) \(value) \(known)"] + (0..<99).map { "\(value)\($0)" }
        let quoted = values.map(JSONText.quoted).joined(separator: ",")
        return #"{"completion":{"values":[\#(quoted)],"total":250,"hasMore":true}}"#
    }
}
