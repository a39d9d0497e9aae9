internal import Dispatch
internal import Glibc
internal import Supervision
internal import Upstreams

/// How stdio servers turned out to be opened, as one small file per server in the state directory: a word, and the time
/// in seconds since 1970.
///
/// Nothing is said when one cannot be written: it costs the server one question more at its next start.
final class EraFiles: EraStore {
    private let directory: String
    private let queue = DispatchQueue(label: "eras")

    /// - Parameter directory: is made, with its parents, when it does not exist.
    init(directory: String) {
        self.directory = directory
    }

    func era(of specification: ServerSpecification) -> (era: RememberedEra, seconds: Int)? {
        guard let path = path(of: specification), let bytes = File.read(path, limit: 100) else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let era = RememberedEra(rawValue: String(words[0])), let seconds = Int(words[1]) else {
            return nil
        }
        return (era, seconds)
    }

    func keep(_ era: RememberedEra?, of specification: ServerSpecification, seconds: Int) {
        guard let path = path(of: specification) else { return }
        queue.async { [directory] in
            guard let era else {
                _ = unlink(path)
                return
            }
            guard File.makeDirectory(directory) else { return }
            _ = File.replace(path, with: Array("\(era.rawValue) \(seconds)\n".utf8))
        }
    }

    private func path(of specification: ServerSpecification) -> String? {
        StateDirectory.fileName(of: specification).map { "\(directory)/\($0).era" }
    }
}
