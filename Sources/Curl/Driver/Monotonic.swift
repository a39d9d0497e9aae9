internal import Glibc

/// Time as libcurl counts it: milliseconds of CLOCK_MONOTONIC, rounded down.
enum Monotonic {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

extension Duration {
    /// Milliseconds, rounded up and at least 1, because to libcurl 0 means another thing; at most 24 days, which fit
    /// into 32 bits.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int64(Int32.max) }
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        return max(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000, 1)
    }
}
