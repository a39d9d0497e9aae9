import Bridge
import Glibc
import NIOCore
import Testing

@Suite("What a client is to read", .timeLimit(.minutes(1)))
struct ClientOutputTests {
    @Test("a client that does not read is given up beyond the limit, and one that is gone at once")
    func failures() async throws {
        var stuck: [Int32] = [0, 0]
        var gone: [Int32] = [0, 0]
        try #require(pipe(&stuck) == 0 && pipe(&gone) == 0)
        signal(SIGPIPE, SIG_IGN)
        let line = ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 << 10)
        let slow = ClientOutput(stuck[1], limit: 4 * line.readableBytes)
        for _ in 0..<8 { slow.write(line) }
        #expect(await slow.failures.first { _ in true } == .stuck)
        slow.flush(atMost: 0)
        close(gone[0])
        let left = ClientOutput(gone[1])
        left.write(line)
        #expect(await left.failures.first { _ in true } == .closed)
        // So that the thread that writes comes to its end.
        close(stuck[0])
    }

    @Test("lines come in order and whole, however slowly they are read")
    func order() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let output = ClientOutput(ends[1])
        for number in 0..<2000 { output.write(ByteBuffer(string: "\(number) \(String(repeating: "x", count: 100))\n")) }
        var text = ""
        var memory = [UInt8](repeating: 0, count: 777)
        var lines = 0
        while lines < 2000 {
            let count = read(ends[0], &memory, memory.count)
            try #require(count > 0)
            text += String(decoding: memory[..<count], as: UTF8.self)
            lines += memory[..<count].count { $0 == UInt8(ascii: "\n") }
        }
        #expect(text.split(separator: "\n").map { $0.prefix { $0 != " " } } == (0..<2000).map { "\($0)" })
        ends.forEach { close($0) }
    }
}
