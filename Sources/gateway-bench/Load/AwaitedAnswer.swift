internal import Glibc
internal import NIOCore

/// What a session expects to be answered, and how much of it has come.
enum AwaitedAnswer {
    /// Nothing: a notification was sent.
    case nothing
    /// Some result, of which this has come.
    case anyResult(ByteBuffer)
    /// These bytes, of which the rest is still to come. In three pieces, so that a long text exists only once.
    case exactly(ByteBuffer, ByteBuffer, ByteBuffer)

    /// Takes what has come of the message, and leaves in `bytes` what comes after it.
    ///
    /// - Throws: `BenchFailure` at the first byte that is wrong.
    mutating func take(_ bytes: inout ByteBuffer) throws(BenchFailure) {
        switch self {
        case .nothing:
            throw BenchFailure("an answer came that nobody waits for")
        case .anyResult(var seen):
            // A message in an event ends with its line.
            let view = bytes.readableBytesView
            let length = view.firstIndex(of: UInt8(ascii: "\n")).map { $0 - view.startIndex } ?? view.count
            if var part = bytes.readSlice(length: length) { seen.writeBuffer(&part) }
            self = .anyResult(seen)
        case .exactly(var first, var second, var third):
            try Self.match(&first, &bytes)
            if first.readableBytes == 0 { try Self.match(&second, &bytes) }
            if first.readableBytes == 0, second.readableBytes == 0 { try Self.match(&third, &bytes) }
            self = .exactly(first, second, third)
        }
    }

    /// Whether nothing is missing, provided that the message ends here.
    func checkComplete() throws(BenchFailure) {
        switch self {
        case .nothing:
            return
        case .anyResult(let seen):
            let text = String(buffer: seen)
            guard text.contains("\"result\":") else { throw BenchFailure("no result: \(text.prefix(300))") }
        case .exactly(let first, let second, let third):
            let missing = first.readableBytes + second.readableBytes + third.readableBytes
            guard missing == 0 else { throw BenchFailure("the answer is \(missing) bytes too short") }
        }
    }

    /// Whether every expected byte has come; what has no length is never known to be whole.
    var isWhole: Bool {
        guard case .exactly(_, _, let third) = self else { return false }
        return third.readableBytes == 0
    }

    private static func match(_ expected: inout ByteBuffer, _ bytes: inout ByteBuffer) throws(BenchFailure) {
        let length = min(expected.readableBytes, bytes.readableBytes)
        guard length > 0 else { return }
        let isSame = expected.withUnsafeReadableBytes { one in
            bytes.withUnsafeReadableBytes { other in
                guard let one = one.baseAddress, let other = other.baseAddress else { return false }
                return memcmp(one, other, length) == 0
            }
        }
        guard isSame else {
            let wanted = String(
                buffer: expected.getSlice(at: expected.readerIndex, length: min(length, 200)) ?? .init())
            let came = String(buffer: bytes.getSlice(at: bytes.readerIndex, length: min(length, 200)) ?? .init())
            throw BenchFailure("a wrong answer: expected \(wanted), received \(came)")
        }
        expected.moveReaderIndex(forwardBy: length)
        bytes.moveReaderIndex(forwardBy: length)
    }
}
