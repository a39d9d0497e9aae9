internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1

/// A JSON-RPC batch, which only MCP 2025-03-26 speaks ("Sending Messages to the Server"): requests and notifications,
/// or responses, several in one body.
struct Batch: Sendable {
    /// How many messages one may hold: as many as a session may have in flight by default.
    static let capacity = 1024

    /// The messages, in order.
    let messages: [Message]

    /// Why a body is no batch that can be handled, for its sender.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    /// Takes an array apart. One bad message spoils it all, since nobody could tell what became of the others.
    init(_ body: ByteBuffer) throws(Refusal) {
        guard let elements = JSONOutline.elements(of: body) else { throw Refusal(reason: "the batch is no JSON array") }
        guard !elements.isEmpty else { throw Refusal(reason: "the batch is empty") }
        guard elements.count <= Self.capacity else {
            throw Refusal(reason: "the batch holds more than \(Self.capacity) messages")
        }
        var messages: [Message] = []
        messages.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do throws(ScanError) {
                messages.append(try Message(element))
            } catch {
                throw Refusal(reason: "message \(index + 1) of the batch: \(error)")
            }
        }
        guard !messages.contains(where: { $0.isMethod("initialize") }) else {
            throw Refusal(reason: "initialize cannot be part of a batch")
        }
        let isOfOtherEra = messages.contains { message in
            RequestMetadata.claimedVersion(in: message).map { Era.verdict(on: $0) != .sessions } ?? false
        }
        guard !isOfOtherEra else { throw Refusal(reason: "a message of it is of a revision that has no batches") }
        let responses = messages.count { $0.kind == .response }
        guard responses == 0 || responses == messages.count else {
            throw Refusal(reason: "the batch mixes responses with requests or notifications")
        }
        self.messages = messages
    }

    /// Takes a body apart, if the session speaks the one revision that has batches. Runs on the event loop.
    static func read(_ body: ByteBuffer, in session: ClientSession) -> Result<Batch, Refusal> {
        do throws(Refusal) {
            guard session.assumeIsolated({ $0.revision }) == .r2025_03_26 else {
                throw Refusal(reason: "batches are spoken in sessions of MCP 2025-03-26 only")
            }
            return .success(try Batch(body))
        } catch {
            return .failure(error)
        }
    }

    /// How many answers are due.
    var requestCount: Int { messages.count { $0.kind == .request } }
}

extension Response {
    /// The answer to an array that is no batch that can be handled.
    static func badBatch(_ refusal: Batch.Refusal) -> Response {
        rpcRefusal(.badRequest, .invalidRequest, "Invalid request: \(refusal.reason)")
    }
}
