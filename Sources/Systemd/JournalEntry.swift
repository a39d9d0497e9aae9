internal import CSystemd
internal import GatewayLog
internal import Glibc

/// One entry as sd_journal_sendv(3) takes it: fields of the form `NAME=value`, whose values may hold any bytes.
struct JournalEntry: Equatable {
    /// All fields, one after another.
    private var bytes: [UInt8] = []
    /// Where each of them ends.
    private var ends: [Int] = []

    /// The fields, for who wants to look at them.
    var fields: [[UInt8]] {
        zip([0] + ends, ends).map { Array(bytes[$0..<$1]) }
    }

    /// An entry that holds what the record says.
    init(_ record: LogRecord, identifier: String) {
        append("MESSAGE", record.line)
        append("PRIORITY", String(record.level.priority))
        append("SYSLOG_IDENTIFIER", identifier)
        if let event = record.event {
            append("MESSAGE_ID", event.definition.id)
            append("MCP_EVENT", event.rawValue)
        }
        for item in record.fields {
            append(LogField.journalName(of: item.key), item.value.onItsLines)
        }
    }

    private mutating func append(_ name: String, _ value: String) {
        bytes += name.utf8
        bytes.append(UInt8(ascii: "="))
        bytes += value.utf8
        ends.append(bytes.count)
    }

    /// Hands the fields to a function like sd_journal_sendv, and returns what it does.
    func send(_ send: (UnsafePointer<iovec>, Int32) -> Int32) -> Int32 {
        var bytes = bytes
        return bytes.withUnsafeMutableBytes { memory in
            // It is not empty: there is always a message.
            let fields = zip([0] + ends, ends).map { start, end in
                iovec(iov_base: memory.baseAddress?.advanced(by: start), iov_len: end - start)
            }
            return fields.withUnsafeBufferPointer { pointer in
                pointer.baseAddress.map { send($0, Int32(pointer.count)) } ?? -EINVAL
            }
        }
    }
}
