internal import NIOCore
internal import Supervision

/// The stdin of a child: takes messages, and holds no more of them than it may for a child that does not read. Lives on
/// the event loop.
///
/// It is a channel of its own: a write to a child that has just exited must not close stdout unread.
final class ChildInput {
    private static let newline = ByteBuffer(string: "\n")

    private let channel: any Channel
    /// How many bytes may wait in the gateway.
    private let backlogLimit: Int
    private var isEnding = false

    init(_ channel: any Channel, backlogLimit: Int) {
        self.channel = channel
        self.backlogLimit = backlogLimit
    }

    /// Writes a message, if it can be taken.
    func write(_ message: ByteBuffer) throws(UpstreamSendFailure) {
        guard channel.isActive, !isEnding else { throw .closed }
        if !channel.isWritable {
            let waiting = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
            guard waiting < backlogLimit else { throw .backlogFull(bytes: waiting) }
        }
        push(message)
    }

    /// Writes a message, however much waits. The newline is a write of its own, gathered with the first, so that a long
    /// message is not copied to append it.
    func push(_ message: ByteBuffer) {
        guard !isEnding else { return }
        channel.write(message, promise: nil)
        channel.writeAndFlush(Self.newline, promise: nil)
    }

    /// Closes it behind what was accepted for it, so that no message is cut in two.
    func end() {
        isEnding = true
        let written = channel.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { [channel] _ in channel.close(promise: nil) }
        channel.writeAndFlush(ByteBuffer(), promise: written)
    }

    /// Closes it at once.
    func close() {
        channel.close(promise: nil)
    }
}
