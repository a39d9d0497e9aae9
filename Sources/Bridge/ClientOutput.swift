internal import Dispatch
internal import Glibc
public import NIOCore
internal import Synchronization

/// Writes what a client is to read on a thread of its own, so that one that does not read stops nothing else.
public final class ClientOutput: BridgeOutput {
    /// How many bytes may wait for a client; beyond that it is given up.
    public static let limit = 256 << 20

    private let descriptor: Int32
    private let limit: Int
    private let queue = DispatchQueue(label: "client output")
    private let waiting = Atomic(0)
    /// Tells why nobody reads any more, once that is so.
    public let failures: AsyncStream<Failure>
    private let failure: AsyncStream<Failure>.Continuation

    /// Why nobody reads.
    public enum Failure: Sendable, Equatable {
        /// The client is gone.
        case closed
        /// The client does not read.
        case stuck
    }

    /// Writes to a descriptor.
    public init(_ descriptor: Int32, limit: Int = limit) {
        self.descriptor = descriptor
        self.limit = limit
        (failures, failure) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Writes a line after those before. Beyond the limit it is lost.
    public func write(_ line: ByteBuffer) {
        let count = line.readableBytes
        guard waiting.add(count, ordering: .relaxed).newValue <= limit else { return fail(.stuck) }
        queue.async { [self] in
            if !writeAll(line) { fail(.closed) }
            waiting.subtract(count, ordering: .relaxed)
        }
    }

    /// Returns when everything is written, or when nobody has read it for so many seconds.
    public func flush(atMost seconds: Int = 2) {
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + .seconds(seconds))
    }

    private func fail(_ reason: Failure) {
        failure.yield(reason)
        failure.finish()
    }

    private func writeAll(_ line: ByteBuffer) -> Bool {
        line.withUnsafeReadableBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                    continue
                }
                switch errno {
                case EINTR: continue
                case EAGAIN: DescriptorWait.until(descriptor, POLLOUT)
                default: return false
                }
            }
            return true
        }
    }
}
