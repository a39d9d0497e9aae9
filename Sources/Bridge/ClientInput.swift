internal import Dispatch
internal import Glibc
public import NIOCore

/// Reads what a client says on a thread of its own, whatever it is: a pipe, a socket, a terminal or a file. Its flags are
/// left as they are, for they belong to whoever else has it open.
public enum ClientInput {
    private static let chunk = 64 << 10
    /// How many chunks are read before the first of them is looked at.
    private static let window = 16

    /// Reads a descriptor to the end, and gives everything to the bridge on its loop. The thread ends with the input, or
    /// with the process.
    public static func read(_ descriptor: Int32, into bridge: Bridge, on eventLoop: any EventLoop) {
        DispatchQueue(label: "client input").async {
            // One that ends with less than it began with stops the program.
            let free = DispatchSemaphore(value: 0)
            for _ in 0..<window { free.signal() }
            while true {
                free.wait()
                guard let bytes = next(from: descriptor) else { break }
                eventLoop.execute { bridge.assumeIsolated { $0.take(bytes) { free.signal() } } }
            }
            eventLoop.execute { bridge.assumeIsolated { $0.endOfInput() } }
        }
    }

    /// What comes next; `nil` at the end, or if nothing can be read any more.
    private static func next(from descriptor: Int32) -> ByteBuffer? {
        var memory = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = Glibc.read(descriptor, &memory, chunk)
            if count > 0 { return ByteBuffer(bytes: memory[..<count]) }
            guard count < 0 else { return nil }
            switch errno {
            case EINTR: continue
            case EAGAIN: DescriptorWait.until(descriptor, POLLIN)
            default: return nil
            }
        }
    }
}

/// Waits for a descriptor that somebody else has set not to wait.
enum DescriptorWait {
    static func until(_ descriptor: Int32, _ event: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        _ = poll(&entry, 1, -1)
    }
}
