internal import JSONRPC
public import NIOCore

/// Where a bridge writes what its client is to read.
public protocol BridgeOutput: Sendable {
    /// Writes a line, newline included, after those before. Returns at once.
    func write(_ line: ByteBuffer)
}

extension BridgeOutput {
    /// Writes a message on a line of its own, whatever line breaks are in it.
    func write(message: ByteBuffer) {
        var line = ByteBuffer()
        line.reserveCapacity(message.readableBytes + 1)
        line.writeOnOneLine(message)
        line.writeString("\n")
        write(line)
    }
}
