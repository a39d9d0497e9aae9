internal import CSpawn

/// How many descriptors this process may have open: every client connection is one (getrlimit(2), RLIMIT_NOFILE).
public enum DescriptorLimit {
    /// Raises the soft limit to the hard one, for this process only: what `ProcessSpawner` starts gets the old one back,
    /// since programs that use select(2) break with descriptors beyond 1023. To be called once, at the start.
    ///
    /// - Returns: the errno of a refusal, or 0.
    public static func raise() -> Int32 {
        cspawn_raise_descriptor_limit()
    }
}
