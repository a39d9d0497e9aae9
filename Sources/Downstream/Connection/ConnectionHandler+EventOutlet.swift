internal import NIOCore
internal import NIOHTTP1

extension ConnectionHandler: EventOutlet {
    var eventLoop: any EventLoop { front.eventLoop }

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ frame: ByteBuffer) {
        context?.write(wrapOutboundOut(.body(.byteBuffer(frame))), promise: nil)
    }

    func flushSoon() {
        guard !isFlushDue else { return }
        isFlushDue = true
        eventLoop.assumeIsolated().execute {
            self.isFlushDue = false
            self.context?.flush()
            self.settle()
        }
    }

    func queueHasGrown() {
        settle()
    }

    /// Later, because this may be found necessary in the middle of somebody's work on what the connection carries.
    func abort() {
        eventLoop.assumeIsolated().execute { self.context?.close(promise: nil) }
    }
}
