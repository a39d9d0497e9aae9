import Supervision
import Testing

@testable import Upstreams

/// What is remembered of servers that were found.
struct TransportMemoryTests {
    @Test("a place is remembered with its headers, and can be forgotten")
    func remembers() {
        let memory = TransportMemory()
        let (plain, keyed) = (RemoteEndpoint(url: "http://a/"), RemoteEndpoint(url: "http://a/", headers: ["k": "1"]))
        memory.remember(.sse, at: plain)
        memory.remember(.streamableHTTP, at: keyed)
        #expect(memory.transport(at: plain) == .sse && memory.transport(at: keyed) == .streamableHTTP)
        memory.remember(.streamableHTTP, at: plain)
        memory.remember(nil, at: keyed)
        #expect(memory.transport(at: plain) == .streamableHTTP && memory.transport(at: keyed) == nil)
    }

    @Test("the 257th place makes it forget the first")
    func bound() {
        let memory = TransportMemory()
        for number in 1...257 { memory.remember(.sse, at: RemoteEndpoint(url: "http://a/\(number)")) }
        #expect(memory.transport(at: RemoteEndpoint(url: "http://a/1")) == nil)
        #expect(memory.transport(at: RemoteEndpoint(url: "http://a/2")) == .sse)
        #expect(memory.transport(at: RemoteEndpoint(url: "http://a/257")) == .sse)
    }
}
