import Glibc
import Spawn
import Testing

@Suite("the limit of open descriptors", .timeLimit(.minutes(1)))
struct DescriptorLimitTests {
    @Test("it is raised for this process, and a child gets the old one")
    func raised() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_max > 1000, "the hard limit leaves no room to see a difference")
        limit.rlim_cur = 1000
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(DescriptorLimit.raise() == 0)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(limit.rlim_cur == limit.rlim_max)
        let child = try await Harness.shell("ulimit -n")
        #expect(await child.readToEnd() == "1000\n")
    }
}
