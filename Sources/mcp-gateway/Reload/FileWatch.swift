internal import Dispatch
internal import Glibc

/// Tells when a file may have changed: at every event in its directory, and in that of the file that it is a link to.
///
/// A directory is watched, and not the file, because editors and orchestrators put another file, or another link, in its
/// place (inotify(7)).
final class FileWatch {
    /// One element for one or several events that nobody has looked at.
    let events: AsyncStream<Void>
    private let descriptor: Int32
    private let source: any DispatchSourceRead

    /// What of a file shows that it is another one, or another content.
    struct Identity: Equatable {
        private let device: UInt64
        private let inode: UInt64
        private let size: Int
        private let seconds: Int
        private let nanoseconds: Int

        /// `nil` if there is no file.
        init?(of path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    /// Begins to watch.
    ///
    /// - Returns: `nil`, with `errno`, if the system watches no more.
    init?() {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        let (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.events = events
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "watch"))
        source.setEventHandler { [descriptor] in
            var bytes = [UInt8](repeating: 0, count: 16 << 10)
            while read(descriptor, &bytes, bytes.count) > 0 {}
            continuation.yield()
        }
        source.setCancelHandler { [descriptor] in
            close(descriptor)
            continuation.finish()
        }
        source.activate()
    }

    deinit { source.cancel() }

    /// Looks at the directories of a file, also if they were looked at before.
    func watch(_ path: String) {
        let directories = Set([path, Self.target(of: path)].map(Self.directory))
        for directory in directories {
            inotify_add_watch(descriptor, directory, UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE))
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The file that a path leads to in the end.
    private static func target(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
