internal import NIOCore

extension Envelope {
    init(scanning bytes: ByteBuffer, maximumDepth: Int) throws(ScanError) {
        throw .notJSON(offset: 0)
    }
}
