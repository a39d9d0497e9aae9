import NIOCore
import Supervision
import Testing

@testable import Upstreams

/// What is remembered of servers that were found.
struct TransportMemoryTests {
    @Test("a place is remembered with its headers, and can be forgotten")
    func remembers() {
        let memory = TransportMemory()
        let (plain, keyed) = (RemoteEndpoint(url: "http://a/"), RemoteEndpoint(url: "http://a/", headers: ["k": "1"]))
        memory.remember(.eventStream, at: plain)
        memory.remember(.initialize, at: keyed)
        #expect(memory.attempt(at: plain) == .eventStream && memory.attempt(at: keyed) == .initialize)
        memory.remember(.initialize, at: plain)
        memory.remember(nil, at: keyed)
        #expect(memory.attempt(at: plain) == .initialize && memory.attempt(at: keyed) == nil)
    }

    @Test("the 257th place makes it forget the first")
    func bound() {
        let memory = TransportMemory()
        for number in 1...257 { memory.remember(.eventStream, at: RemoteEndpoint(url: "http://a/\(number)")) }
        #expect(memory.attempt(at: RemoteEndpoint(url: "http://a/1")) == nil)
        #expect(memory.attempt(at: RemoteEndpoint(url: "http://a/2")) == .eventStream)
        #expect(memory.attempt(at: RemoteEndpoint(url: "http://a/257")) == .eventStream)
    }

    @Test("after seven days a server is asked again")
    func lifetime() {
        let (memory, endpoint, start) = (TransportMemory(), RemoteEndpoint(url: "http://a/"), NIODeadline.now())
        memory.remember(.initialize, at: endpoint, now: start)
        memory.remember(.initialize, at: endpoint, now: start + .hours(100))
        #expect(memory.attempt(at: endpoint, now: start + .hours(167)) == .initialize)
        #expect(memory.attempt(at: endpoint, now: start + .hours(168)) == nil)
    }
}
