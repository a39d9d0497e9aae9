import Downstream
import Glibc
import NIOCore
import TestSupport
import Testing

@Suite("where it listens", .timeLimit(.minutes(1)))
struct ListeningTests {
    private static let loopback = ListenPoint.tcp(host: "127.0.0.1", port: 0)

    @Test("every address asked for is listened on, and none after the shutdown")
    func several() async throws {
        let directory = try SocketDirectory()
        let points: [ListenPoint] = [
            .tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), .unix(path: directory.file),
        ]
        try await TestGateway.run(at: points) { gateway in
            let addresses = gateway.front.localAddresses
            #expect(addresses.map(\.ipAddress) == ["127.0.0.1", "::1", nil])
            for address in addresses {
                let connection = try await TestConnection.open(address)
                #expect(try await connection.exchange("GET", "/livez").status == 200)
            }
            await gateway.front.shutdown()
            // The file's alone: a program that another test starts in this process may hold the others open.
            let unix = try #require(addresses.last)
            await #expect(throws: (any Error).self) { try await TestConnection.open(unix) }
        }
        #expect(directory.mode() == nil)
    }

    @Test("when one address cannot be listened on, none is, and the error names it")
    func oneIsTaken() async throws {
        let taken = try ListeningSocket()
        let port = try #require(taken.address.port)
        let directory = try SocketDirectory()
        let wrong = ListenPoint.tcp(host: "127.0.0.1", port: port)
        let failure = await #expect(throws: ListenFailure.self) {
            try await TestGateway.run(at: [.unix(path: directory.file), wrong]) { _ in }
        }
        #expect(failure?.point == wrong)
        #expect(failure?.errorNumber == EADDRINUSE)
        #expect(directory.mode() == nil)
    }

    @Test("an opened socket is served, and goes on listening when the front has gone")
    func opened() async throws {
        let socket = try ListeningSocket()
        let address = socket.address
        try await TestGateway.run(at: [.opened(descriptor: socket.duplicate())]) { gateway in
            #expect(gateway.front.localAddresses == [address])
            let connection = try await TestConnection.open(address)
            #expect(try await connection.exchange("GET", "/livez").status == 200)
        }
        // Nobody takes it now; the next front does.
        let waiting = try await TestConnection.open(address)
        try await waiting.request("GET", "/livez")
        try await TestGateway.run(at: [.opened(descriptor: socket.duplicate())]) { _ in
            let response = try await waiting.response()
            #expect(response.status == 200)
        }
    }

    @Test("the port of an opened socket is one of the gateway's own for web pages")
    func originOfOpened() async throws {
        let socket = try ListeningSocket()
        let port = try #require(socket.address.port)
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try await TestGateway.run(at: [.opened(descriptor: socket.duplicate())]) { gateway in
            for (port, status) in [(port, 200), (port ^ 1, 403)] {
                let response = try await gateway.exchange("GET", "/livez", ["Origin": "http://\(host):\(port)"])
                #expect(response.status == status)
            }
        }
    }

    @Test("only the owner and the group of the socket's file may connect, whatever the umask")
    func mode() async throws {
        let directory = try SocketDirectory()
        try await TestGateway.run(at: [.unix(path: directory.file)]) { _ in
            #expect(directory.mode() == S_IFSOCK | 0o660)
        }
    }

    @Test("a file that a dead process has left is replaced; one that is in use, or no socket, is not")
    func existingFile() async throws {
        let directory = try SocketDirectory()
        let point = ListenPoint.unix(path: directory.file)
        try await TestGateway.run(at: [point]) { gateway in
            let failure = await #expect(throws: ListenFailure.self) {
                try await TestGateway.run(at: [point]) { _ in }
            }
            #expect(failure?.errorNumber == EADDRINUSE)
            let response = try await gateway.exchange("GET", "/livez")
            #expect(response.status == 200)
            // A process that is killed does not remove the file.
            #expect(link(directory.file, directory.file + ".left") == 0)
        }
        #expect(rename(directory.file + ".left", directory.file) == 0)
        try await TestGateway.run(at: [point]) { gateway in
            let response = try await gateway.exchange("GET", "/livez")
            #expect(response.status == 200)
        }
        let plain = open(directory.file, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        close(plain)
        let failure = await #expect(throws: ListenFailure.self) { try await TestGateway.run(at: [point]) { _ in } }
        #expect(failure?.errorNumber == EADDRINUSE)
        #expect(directory.mode() == S_IFREG | 0o600)
    }

    @Test("who comes through a unix socket is a program on this machine, unless it passes on what others ask")
    func localPeers() async throws {
        let directory = try SocketDirectory()
        try await TestGateway.run(at: [Self.loopback, .unix(path: directory.file)]) { gateway in
            // A session belongs to whoever has opened it: here, to the programs on this machine.
            let headers = try await gateway.session()
            let call = TestGateway.call("echo", id: "1")
            let connection = try await TestConnection.open(SocketAddress(unixDomainSocketPath: directory.file))
            let local = try await connection.exchange("POST", "/fetch/mcp", headers, body: call)
            #expect(local.status == 200)
            let forwarded = headers.merging(["X-Forwarded-For": "192.0.2.1"]) { $1 }
            let foreign = try await connection.exchange("POST", "/fetch/mcp", forwarded, body: call)
            #expect(foreign.status == 404)
        }
    }

    @Test("allowedNetworks say nothing of unix sockets, whose files have permissions")
    func allowedNetworks() async throws {
        let directory = try SocketDirectory()
        var settings = TestGateway.patient
        settings.admits = { _ in false }
        try await TestGateway.run(settings: settings, at: [.unix(path: directory.file)]) { gateway in
            let response = try await gateway.exchange("GET", "/livez")
            #expect(response.status == 200)
        }
    }

    @Test("through a unix socket, too, a host name must be known: a proxy passes on what a web page asks for")
    func hostNames() async throws {
        let directory = try SocketDirectory()
        try await TestGateway.run(at: [.unix(path: directory.file)]) { gateway in
            let expected = [
                (["Host": "localhost"], 200), (["Host": "evil.example.com"], 421),
                (["Origin": "http://evil.example.com"], 403),
            ]
            for (headers, status) in expected {
                let response = try await gateway.exchange("GET", "/livez", headers)
                #expect(response.status == status)
            }
        }
    }

    @Test("a proxy that connects through a unix socket is one address for the rate of requests")
    func rate() async throws {
        let directory = try SocketDirectory()
        var settings = TestGateway.patient
        settings.requestsPerSecond = 1
        try await TestGateway.run(settings: settings, at: [.unix(path: directory.file)]) { gateway in
            var statuses: [Int] = []
            for index in 1...10 {
                let response = try await gateway.exchange("GET", "/livez", ["X-Forwarded-For": "192.0.2.\(index)"])
                statuses.append(response.status)
            }
            #expect(statuses.prefix(2) == [200, 200])
            #expect(statuses.contains(429))
            #expect(try await gateway.exchange("GET", "/livez").status == 200)
        }
    }
}
