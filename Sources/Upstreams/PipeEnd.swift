internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Our end of a pipe to a child, by its descriptor.
enum PipeEnd {
    case reading(CInt)
    case writing(CInt)

    /// Makes a channel of it. The descriptor is closed with the channel, or at once if there will be none. To be called
    /// on the event loop.
    func open(
        on eventLoop: any EventLoop, initialize: @escaping @Sendable (any Channel) throws -> Void = { _ in }
    ) -> EventLoopFuture<any Channel> {
        // After a failure the bootstrap has closed the descriptor only if it got as far as making a channel.
        let hasChannel = NIOLoopBoundBox(false, eventLoop: eventLoop)
        let bootstrap = NIOPipeBootstrap(group: eventLoop).channelInitializer { channel in
            hasChannel.value = true
            return channel.eventLoop.makeCompletedFuture { try initialize(channel) }
        }
        let (channel, descriptor) =
            switch self {
            case .reading(let descriptor): (bootstrap.takingOwnershipOfDescriptor(input: descriptor), descriptor)
            case .writing(let descriptor): (bootstrap.takingOwnershipOfDescriptor(output: descriptor), descriptor)
            }
        return channel.always { result in
            if case .failure = result, !hasChannel.value { _ = Glibc.close(descriptor) }
        }
    }
}
