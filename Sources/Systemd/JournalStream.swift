internal import Glibc

/// The connection to the journal that a service gets for its output.
public enum JournalStream {
    /// Whether a descriptor is the stream that `JOURNAL_STREAM` names: its device and inode, as systemd.exec(5) wants
    /// them compared. The variable alone says nothing, since whoever started this program may have redirected it.
    ///
    /// - Parameter variable: the value of `JOURNAL_STREAM`, if it is set.
    public static func isConnected(_ descriptor: Int32, variable: String?) -> Bool {
        guard let numbers = variable?.split(separator: ":", omittingEmptySubsequences: false), numbers.count == 2,
            let device = UInt64(numbers[0]), let inode = UInt64(numbers[1])
        else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
