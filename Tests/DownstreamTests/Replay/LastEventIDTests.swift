import Downstream
import GatewayCore
import JSONRPC
import NIOCore
import TestSupport
import Testing

@Suite("Last-Event-ID", .timeLimit(.minutes(1)))
struct LastEventIDTests {
    private func progress(_ token: String, _ value: Int) -> String {
        #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":\#(token),"progress":\#(value)}}"#
    }

    private static let listChanged = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#

    /// A call of which the server has it in hand that it has progressed once.
    private struct Call {
        let connection: TestConnection
        let upstreamID: String
        let token: String
    }

    /// Makes a call and waits for its stream to begin, with an event that says that it has progressed.
    private func call(
        _ id: String, _ gateway: TestGateway, _ headers: [String: String], _ upstream: ScriptedConnection
    ) async throws -> Call {
        let connection = try await gateway.connect()
        try await connection.request(
            "POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: id, meta: #"{"progressToken":"p\#(id)"}"#)
        )
        let held = try await upstream.next("tools/call")
        let token = held.metaProgressToken.map { String(buffer: $0) } ?? ""
        upstream.emit(progress(token, 1))
        #expect(try await connection.head().headers["content-type"] == "text/event-stream")
        return Call(connection: connection, upstreamID: held.idText, token: token)
    }

    private func resume(
        _ gateway: TestGateway, _ headers: [String: String], after id: String
    ) async throws -> TestConnection {
        let connection = try await gateway.connect()
        try await connection.request("GET", "/fetch/mcp", headers.merging(["Last-Event-ID": id]) { $1 })
        return connection
    }

    @Test("[46] [45] after a lost connection GET gives what was missed, what comes next and the answer, and ends")
    func lostConnection() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let call = try await call("1", gateway, headers, upstream)
            let seen = try #require(try await call.connection.identifiedMessage())
            #expect(seen.text == progress(#""p1""#, 1))
            let id = try #require(seen.id)
            try await call.connection.close()
            upstream.emit(progress(call.token, 2))
            _ = try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "2"))
            let resumed = try await resume(gateway, headers, after: id)
            #expect(try await resumed.head().headers["content-type"] == "text/event-stream")
            #expect(try await resumed.message() == progress(#""p1""#, 2))
            upstream.emit(progress(call.token, 3))
            #expect(try await resumed.message() == progress(#""p1""#, 3))
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.upstreamID),"result":{"n":1}}"#)
            let answer = try #require(try await resumed.identifiedMessage())
            #expect(answer.text == #"{"jsonrpc":"2.0","id":1,"result":{"n":1}}"#)
            #expect(try await resumed.event() == nil)
            // The answer can be asked for again, and after it there is nothing.
            let again = try await resume(gateway, headers, after: id)
            _ = try await again.head()
            #expect(try await again.message() == progress(#""p1""#, 2))
            #expect(try await again.message() == progress(#""p1""#, 3))
            #expect(try await again.identifiedMessage() ?? ("", "") == answer)
            #expect(try await again.event() == nil)
            let after = try await resume(gateway, headers, after: answer.id ?? "")
            _ = try await after.head()
            #expect(try await after.event() == nil)
        }
    }

    @Test("[47] [48] what is replayed is of the stream asked for only, and no two events have the same id")
    func ownStream() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let listener = try await gateway.connect()
            try await listener.request("GET", "/fetch/mcp", headers)
            _ = try await listener.head()
            var ids: [String] = []
            var calls: [Call] = []
            for id in ["1", "2"] {
                let call = try await call(id, gateway, headers, upstream)
                ids.append(try await call.connection.identifiedMessage()?.id ?? "")
                calls.append(call)
            }
            upstream.emit(Self.listChanged)
            ids.append(try await listener.identifiedMessage()?.id ?? "")
            for call in calls {
                try await call.connection.close()
                for value in 2...3 { upstream.emit(progress(call.token, value)) }
                upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.upstreamID),"result":{}}"#)
            }
            for (index, call) in [1, 2].enumerated() {
                let resumed = try await resume(gateway, headers, after: ids[index])
                _ = try await resumed.head()
                for value in 2...3 {
                    let event = try #require(try await resumed.identifiedMessage())
                    #expect(event.text == progress(#""p\#(call)""#, value))
                    ids.append(event.id ?? "")
                }
                let answer = try #require(try await resumed.identifiedMessage())
                #expect(answer.text == #"{"jsonrpc":"2.0","id":\#(call),"result":{}}"#)
                ids.append(answer.id ?? "")
                #expect(try await resumed.event() == nil)
            }
            #expect(Set(ids).count == 9)
            #expect(!ids.contains(""))
        }
    }

    @Test("the stream of a GET goes on after what was written and not received, and with what was held meanwhile")
    func standalone() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let listener = try await gateway.connect()
            try await listener.request("GET", "/fetch/mcp", headers)
            _ = try await listener.head()
            upstream.emit(Self.listChanged)
            let first = try #require(try await listener.identifiedMessage()?.id)
            upstream.emit(Self.listChanged)
            let second = try #require(try await listener.identifiedMessage())
            try await listener.close()
            let resumed = try await resume(gateway, headers, after: first)
            #expect(try await resumed.head().status == 200)
            #expect(try await resumed.identifiedMessage() ?? ("", "") == second)
            upstream.emit(Self.listChanged)
            #expect(try await resumed.message() == second.text)
        }
    }

    @Test("of two that go on with one stream the newest wins, and the older ends")
    func newestWins() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let call = try await call("1", gateway, headers, upstream)
            let id = try await call.connection.identifiedMessage()?.id ?? ""
            let second = try await resume(gateway, headers, after: id)
            #expect(try await second.head().status == 200)
            #expect(try await call.connection.event() == nil)
            let third = try await resume(gateway, headers, after: id)
            #expect(try await third.head().status == 200)
            #expect(try await second.event() == nil)
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.upstreamID),"result":{}}"#)
            #expect(try await third.message() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(try await third.event() == nil)
        }
    }

    @Test("[57] the newest of a GET's stream and one that is gone on with wins")
    func standaloneTakenOver() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let old = try await gateway.connect()
            try await old.request("GET", "/fetch/mcp", headers)
            _ = try await old.head()
            upstream.emit(Self.listChanged)
            let id = try await old.identifiedMessage()?.id ?? ""
            let new = try await gateway.connect()
            try await new.request("GET", "/fetch/mcp", headers)
            #expect(try await new.head().status == 200)
            #expect(try await old.event() == nil)
            let back = try await resume(gateway, headers, after: id)
            #expect(try await back.head().status == 200)
            #expect(try await new.event() == nil)
            upstream.emit(Self.listChanged)
            #expect(try await back.message()?.contains("list_changed") == true)
        }
    }

    @Test("an id that the session has not given out is 400, and so is one from before what is kept")
    func refused() async throws {
        var settings = TestGateway.patient
        settings.replayEvents = 2
        try await TestGateway.run(settings: settings) { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let call = try await call("1", gateway, headers, upstream)
            let id = try await call.connection.identifiedMessage()?.id ?? ""
            for unknown in ["1", "x", "\(id)0", "0\(id)", "99.1", "1.0", "1.99"] {
                let response = try await gateway.exchange(
                    "GET", "/fetch/mcp", headers.merging(["Last-Event-ID": unknown]) { $1 })
                #expect(response.status == 400, "\(unknown)")
                #expect(response.body.contains("Last-Event-ID"))
            }
            for value in 2...4 { upstream.emit(progress(call.token, value)) }
            for value in 2...4 { #expect(try await call.connection.message() == progress(#""p1""#, value)) }
            try await call.connection.close()
            let late = try await gateway.exchange("GET", "/fetch/mcp", headers.merging(["Last-Event-ID": id]) { $1 })
            #expect(late.status == 400)
            #expect(late.body.contains("too long ago"))
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.upstreamID),"result":{}}"#)
        }
    }

    @Test("nobody else goes on with a session's stream, nor anybody once the session is over")
    func otherPrincipal() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["a", "b"])]) { gateway in
            let headers = try await gateway.session("fetch", ["Authorization": "Bearer a"])
            let other = try await gateway.session("fetch", ["Authorization": "Bearer b"])
            let upstream = try await gateway.upstream()
            let call = try await call("1", gateway, headers, upstream)
            let id = try await call.connection.identifiedMessage()?.id ?? ""
            let lastEvent = ["Last-Event-ID": id]
            let stolen = headers.merging(lastEvent) { $1 }.merging(["Authorization": "Bearer b"]) { $1 }
            #expect(try await gateway.exchange("GET", "/fetch/mcp", stolen).status == 404)
            #expect(try await gateway.exchange("GET", "/fetch/mcp", other.merging(lastEvent) { $1 }).status == 400)
            #expect(try await gateway.exchange("DELETE", "/fetch/mcp", headers).status == 200)
            #expect(try await call.connection.message()?.contains("-32800") == true)
            #expect(try await call.connection.event() == nil)
            #expect(try await gateway.exchange("GET", "/fetch/mcp", headers.merging(lastEvent) { $1 }).status == 404)
        }
    }

    @Test("[49] [50] the first event gives an id and no data, to clients of 2025-11-25 only")
    func priming() async throws {
        for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
            try await TestGateway.run { gateway in
                let headers = try await gateway.session(revision: revision)
                let upstream = try await gateway.upstream()
                let listener = try await gateway.connect()
                try await listener.request("GET", "/fetch/mcp", headers)
                _ = try await listener.head()
                let call = try await call("1", gateway, headers, upstream)
                upstream.emit(Self.listChanged)
                for connection in [call.connection, listener] {
                    let first = try await connection.event() ?? ""
                    let lines = first.split(separator: "\n")
                    #expect(lines.first?.hasPrefix("id: ") == true)
                    if revision == "2025-11-25" {
                        #expect(lines.dropFirst() == ["data:"])
                    } else {
                        #expect(lines.dropFirst().first == "event: message")
                    }
                }
                upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.upstreamID),"result":{}}"#)
            }
        }
    }

    @Test("[49] one can go on from the first event already, and an initialize answered by a stream has one too")
    func resumedFromTheFirst() async throws {
        try await TestGateway.run { gateway in
            var headers = try await gateway.session(revision: "2025-11-25")
            let upstream = try await gateway.upstream()
            let call = try await call("1", gateway, headers, upstream)
            let first = try #require(try await call.connection.event()?.split(separator: "\n").first)
            try await call.connection.close()
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.upstreamID),"result":{}}"#)
            let resumed = try await resume(gateway, headers, after: String(first.dropFirst(4)))
            _ = try await resumed.head()
            #expect(try await resumed.message() == progress(#""p1""#, 1))
            while let message = try await resumed.message() {
                #expect(message == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            }
            headers = TestGateway.json.merging(["Accept": "text/event-stream"]) { $1 }
            let opening = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.initialize.replacing("2025-06-18", with: "2025-11-25"))
            #expect(opening.body.hasPrefix("id: 1.1\ndata:\n\nid: 1.2\nevent: message\ndata: {"))
        }
    }

    @Test("[51] a connection that is closed early has sent retry, and the client goes on where it was")
    func earlyEnd() async throws {
        var settings = TestGateway.patient
        settings.streamAge = .milliseconds(30)
        try await TestGateway.run(settings: settings) { gateway in
            let headers = try await gateway.session(revision: "2025-11-25")
            let upstream = try await gateway.upstream()
            var call = try await call("1", gateway, headers, upstream)
            var values: [String] = []
            var isAnswered = false
            for round in 2...4 {
                var last = ""
                var retry: String?
                while let event = try await call.connection.event() {
                    for line in event.split(separator: "\n") {
                        if line.hasPrefix("id: ") { last = String(line.dropFirst(4)) }
                        if line.hasPrefix("retry: ") { retry = String(line) }
                        if line.hasPrefix("data: ") { values.append(String(line.dropFirst(6))) }
                        if line.contains("result") { isAnswered = true }
                    }
                }
                if isAnswered { break }
                #expect(retry == "retry: 500")
                if round < 4 {
                    upstream.emit(progress(call.token, round))
                } else {
                    upstream.emit(#"{"jsonrpc":"2.0","id":\#(call.upstreamID),"result":{}}"#)
                }
                let resumed = try await resume(gateway, headers, after: last)
                _ = try await resumed.head()
                call = Call(connection: resumed, upstreamID: call.upstreamID, token: call.token)
            }
            while let message = try await call.connection.message() { values.append(message) }
            let answer = #"{"jsonrpc":"2.0","id":1,"result":{}}"#
            #expect(values == (1...3).map { progress(#""p1""#, $0) } + [answer])
        }
    }

    @Test("[51] a GET's connection is closed early too, and what comes before its client returns is held")
    func earlyEndOfListening() async throws {
        var settings = TestGateway.patient
        settings.streamAge = .milliseconds(30)
        try await TestGateway.run(settings: settings) { gateway in
            let headers = try await gateway.session(revision: "2025-11-25")
            let upstream = try await gateway.upstream()
            let listener = try await gateway.connect()
            try await listener.request("GET", "/fetch/mcp", headers)
            _ = try await listener.head()
            var last = ""
            while let event = try await listener.event() {
                last = event.split(separator: "\n").first.map { String($0.dropFirst(4)) } ?? ""
            }
            upstream.emit(Self.listChanged)
            let resumed = try await resume(gateway, headers, after: last)
            _ = try await resumed.head()
            #expect(try await resumed.message()?.contains("list_changed") == true)
        }
    }

    @Test("older clients are never asked to come back")
    func earlyEndOfOlder() async throws {
        var settings = TestGateway.patient
        settings.streamAge = .milliseconds(1)
        try await TestGateway.run(settings: settings) { gateway in
            let headers = try await gateway.session(revision: "2025-06-18")
            let upstream = try await gateway.upstream()
            let old = try await call("1", gateway, headers, upstream)
            #expect(try await old.connection.message() == progress(#""p1""#, 1))
            // Another client's stream has aged and ended meanwhile.
            let newer = try await gateway.session(revision: "2025-11-25")
            let listener = try await gateway.connect()
            try await listener.request("GET", "/fetch/mcp", newer)
            _ = try await listener.head()
            while try await listener.event() != nil {}
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(old.upstreamID),"result":{}}"#)
            #expect(try await old.connection.event()?.hasSuffix(#"data: {"jsonrpc":"2.0","id":1,"result":{}}"#) == true)
            #expect(try await old.connection.event() == nil)
        }
    }
}
