import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import Upstreams

/// Descriptors and who closes them.
@Suite(.timeLimit(.minutes(1))) struct PipeEndTests {
    @Test("a descriptor that can become no channel is closed")
    func refused() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        for make in [PipeEnd.reading, PipeEnd.writing] {
            var template = Array("/tmp/mcp-gateway-test-XXXXXX".utf8CString)
            let file = mkstemp(&template)
            let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            defer { unlink(path) }
            #expect(ProcessTable.ownFiles().contains(path))
            await #expect(throws: (any Error).self) {
                try await loop.flatSubmit { make(file).open(on: loop).map { _ in } }.get()
            }
            #expect(!ProcessTable.ownFiles().contains(path))
        }
    }

    @Test("a descriptor whose channel cannot be set up is closed with it")
    func refusedBySetUp() async throws {
        struct Refusal: Error {}
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var ends: [CInt] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        await #expect(throws: Refusal.self) {
            try await loop.flatSubmit {
                PipeEnd.reading(reading).open(on: loop) { _ in throw Refusal() }.map { _ in }
            }.get()
        }
        var writable = pollfd(fd: writing, events: Int16(POLLOUT), revents: 0)
        #expect(poll(&writable, 1, 0) == 1 && writable.revents & Int16(POLLERR) != 0)
        close(writing)
    }
}
