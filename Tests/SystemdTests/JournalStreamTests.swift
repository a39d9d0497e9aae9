import Glibc
import Systemd
import Testing

@Suite("Journal stream")
struct JournalStreamTests {
    @Test("it is the one whose device and inode JOURNAL_STREAM holds, and no other")
    func comparison() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        var status = stat()
        fstat(ends[1], &status)
        let (device, inode) = (status.st_dev, status.st_ino)
        #expect(JournalStream.isConnected(ends[1], variable: "\(device):\(inode)"))
        #expect(!JournalStream.isConnected(ends[1], variable: "\(device):\(inode + 1)"))
        #expect(!JournalStream.isConnected(ends[1], variable: "\(device + 1):\(inode)"))
        #expect(!JournalStream.isConnected(-1, variable: "\(device):\(inode)"))
        for malformed in [nil, "", ":", "1", "a:b", "\(device):\(inode):", "\(device)"] {
            #expect(!JournalStream.isConnected(ends[1], variable: malformed), "\(malformed ?? "unset")")
        }
    }
}
