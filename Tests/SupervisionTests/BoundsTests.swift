import JSONRPC
import MCP
import NIOCore
import TestSupport
import Testing

@testable import Supervision

/// What is kept for callers and of servers, at its bounds and beyond.
@Suite struct BoundsTests {
    @Test("1024 calls wait for a server that starts; one more is turned away at once, and the others are made")
    func waitingRoom() async throws {
        try await ServerUnderTest.with(script: nil) { test in
            let connection = try #require(await test.connector.nextConnection())
            let server = test.server
            // In one go, or on a busy machine the first would have waited too long before the server is ready.
            let sinks = try await server.eventLoop.submit {
                defer { connection.becomeReady() }
                return try server.assumeIsolated { server in
                    try (1...WaitingRoom.capacity + 1).map { number in
                        let sink = CollectingSink()
                        let message = try Message(
                            ByteBuffer(string: #"{"jsonrpc":"2.0","id":\#(number),"method":"x/y"}"#))
                        server.call(message, id: RequestID(number), by: CallerID(1), sink: sink)
                        return sink
                    }
                }
            }.get()
            let refused = try #require(sinks.last)
            #expect(await refused.nextText().contains("is starting, and too many calls wait for it already"))
            for id in 1...WaitingRoom.capacity { connection.emit(#"{"jsonrpc":"2.0","id":\#(id),"result":0}"#) }
            for (index, sink) in sinks.dropLast().enumerated() {
                #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":\#(index + 1),"result":0}"#)
            }
        }
    }

    @Test("64 MiB of calls fill the waiting room too, and there is room again when one of them leaves")
    func waitingRoomBytes() throws {
        let start = #"{"jsonrpc":"2.0","id":1,"method":"x/y","params":{"x":""#
        let end = #""}}"#
        let size = WaitingRoom.byteCapacity / 4
        let padding = String(repeating: "x", count: size - start.utf8.count - end.utf8.count)
        let message = try Message(ByteBuffer(string: start + padding + end))
        var room = WaitingRoom()
        for caller in 1...4 {
            #expect(!room.isFull)
            room.enter(
                .call(
                    PendingCall(
                        message, id: RequestID(1), caller: CallerID(UInt64(caller)), sink: CollectingSink())),
                until: .seconds(1))
        }
        #expect(room.isFull)
        #expect(room.cancel(RequestID(1), of: CallerID(2)) != nil)
        #expect(!room.isFull)
        #expect(room.leaveAll().count == 3)
        #expect(room.isEmpty)
    }

    @Test("whoever has waited for the time given leaves the waiting room, and the others stay")
    func waitingTime() throws {
        let message = try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#))
        var room = WaitingRoom()
        for seconds in [5, 8] {
            room.enter(
                .call(
                    PendingCall(
                        message, id: RequestID(1), caller: CallerID(UInt64(seconds)), sink: CollectingSink())),
                until: .seconds(seconds))
        }
        let counts = [4, 5, 7, 8].map { room.leave(overdueAt: .seconds($0)).count }
        #expect(counts == [0, 1, 0, 1])
        #expect(room.isEmpty)
    }

    @Test("as many lines of stderr are kept as the limit says, and then the oldest makes room")
    func standardErrorTail() {
        var tail = StandardErrorTail(capacity: 3)
        for line in ["a", "b", "c"] { tail.append(line) }
        #expect(tail.lines == ["a", "b", "c"])
        tail.append("d")
        #expect(tail.lines == ["b", "c", "d"])
    }
}
