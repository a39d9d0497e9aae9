internal import JSONRPC
internal import NIOCore
internal import Supervision

/// What a server's bytes turned out to be.
enum Incoming {
    case message(Message)
    /// No JSON-RPC message.
    case unusable(UnusableLine)
    /// Longer than the limit, and thrown away; the id, if it stood near the front.
    case oversized(id: RequestID?)

    /// Reads one message, or an array of them: a batch, which servers of MCP 2025-03-26 may answer with.
    static func read(_ bytes: ByteBuffer) -> [Incoming] {
        do throws(ScanError) {
            return [.message(try Message(bytes))]
        } catch .batch {
            return JSONOutline.elements(of: bytes)?.map(one) ?? [.unusable(UnusableLine(bytes, reason: .batch))]
        } catch {
            return [unusable(bytes, error)]
        }
    }

    private static func one(_ bytes: ByteBuffer) -> Incoming {
        do throws(ScanError) {
            return .message(try Message(bytes))
        } catch {
            return unusable(bytes, error)
        }
    }

    private static func unusable(_ bytes: ByteBuffer, _ reason: ScanError) -> Incoming {
        let found = Envelope.salvaging(bytes)
        let id = found.method == nil ? Envelope.salvageID(in: bytes) : nil
        return .unusable(UnusableLine(bytes, reason: reason, answeredID: id))
    }
}
