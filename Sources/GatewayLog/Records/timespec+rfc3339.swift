internal import Glibc

extension timespec {
    /// The time in UTC, RFC 3339 with milliseconds.
    var rfc3339: String {
        var seconds = tv_sec
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let calendar = String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(calendar).\(String(1000 + tv_nsec / 1_000_000).dropFirst())Z"
    }
}
