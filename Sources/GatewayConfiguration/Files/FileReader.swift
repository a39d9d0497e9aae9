/// How the decoder reads the files that a configuration refers to, with `${file:…}` and `envFile`. A value, so that
/// decoding stays a pure function of what it is given.
public struct FileReader: Sendable {
    /// Why a file has no content.
    public enum Failure: Error, Sendable, Equatable {
        /// A system call failed with this `errno`.
        case system(CInt)
        /// It is a directory, a pipe or a device, which may have no end.
        case notRegular
        /// Whoever decodes gives access to no file.
        case noAccess
    }

    let read: @Sendable (_ path: String, _ limit: Int) throws(Failure) -> [UInt8]

    /// Describes a way to read files.
    /// - Parameter read: Answers the bytes of the file at a path. Of a file longer than the limit it answers at least
    ///   one byte more than the limit, and need not answer the rest.
    public init(_ read: @escaping @Sendable (_ path: String, _ limit: Int) throws(Failure) -> [UInt8]) {
        self.read = read
    }

    /// No access to any file.
    public static let none = FileReader { _, _ throws(Failure) in throw .noAccess }

    /// The files of this machine.
    public static let system = FileReader { path, limit throws(Failure) in
        try SystemFile.read(path, limit: limit, mustBeRegular: true)
    }
}
