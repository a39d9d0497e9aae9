import Glibc

/// A named pipe for shell scripts to write to. Its end comes when the last process that has it open is dead, which is
/// how a test sees the end of processes that are not its children.
final class Fifo: Sendable {
    struct Failure: Error {
        let errorNumber: Int32
    }

    let path = "/tmp/mcp-gateway-fifo-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    private let reading: Int32

    init() throws {
        guard mkfifo(path, 0o600) == 0 else { throw Failure(errorNumber: errno) }
        // Not to wait for a writer, of which there is none yet.
        reading = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard reading >= 0 else { throw Failure(errorNumber: errno) }
    }

    deinit {
        close(reading)
        unlink(path)
    }

    /// The next bytes, as many as asked for; fewer if the end or the deadline comes first.
    func read(_ count: Int, within limit: Duration = .seconds(20)) async -> [UInt8] {
        await onThread { [reading] in
            let deadline = ContinuousClock.now + limit
            var all: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while all.count < count, Self.isReadable(reading, by: deadline) {
                let size = Glibc.read(reading, &chunk, min(chunk.count, count - all.count))
                guard size > 0 else { break }
                all.append(contentsOf: chunk.prefix(size))
            }
            return all
        }
    }

    /// Whether the end comes before the time is over. What is written until then is discarded.
    func ends(within limit: Duration) async -> Bool {
        await onThread { [reading] in
            let deadline = ContinuousClock.now + limit
            var chunk = [UInt8](repeating: 0, count: 4096)
            while Self.isReadable(reading, by: deadline) {
                if Glibc.read(reading, &chunk, chunk.count) == 0 { return true }
            }
            return false
        }
    }

    private static func isReadable(_ descriptor: Int32, by deadline: ContinuousClock.Instant) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let left = max(ContinuousClock.now.duration(to: deadline), .zero).components
        return poll(&wanted, 1, Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000)) > 0
    }
}
