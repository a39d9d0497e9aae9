import Glibc
import Testing

@testable import Spawn

@Suite("Executable search")
struct ExecutableSearchTests {
    private let user = String(cString: getpwuid(geteuid()).pointee.pw_name)

    @Test("the first directory of PATH that has the command wins")
    func first() throws {
        let tree = try Tree(executables: ["a/tool", "b/tool"], files: [], directories: [])
        let path = try ExecutableSearch.find("tool", environment: ["PATH": "\(tree.root)/b:\(tree.root)/a"])
        #expect(path == "\(tree.root)/b/tool")
    }

    @Test("what cannot be executed is passed over, as a shell would")
    func passedOver() throws {
        let tree = try Tree(executables: ["c/tool"], files: ["a/tool"], directories: ["b/tool"])
        let path = ["a", "missing", "b", "c"].map { "\(tree.root)/\($0)" }.joined(separator: ":")
        #expect(try ExecutableSearch.find("tool", environment: ["PATH": path]) == "\(tree.root)/c/tool")
    }

    @Test("a command that is nowhere is reported with every directory that was searched, and as whom")
    func nowhere() {
        expect(
            "uvx-that-is-not", ["PATH": "/usr/bin:/bin:/usr/bin"],
            "uvx-that-is-not: not found in /usr/bin, /bin (PATH of the server's environment), as user \(user)")
    }

    @Test("without PATH the usual directories are searched, and that is said")
    func noPath() throws {
        #expect(try ExecutableSearch.find("sh", environment: [:]).hasSuffix("/bin/sh"))
        expect(
            "uvx-that-is-not", [:],
            """
            uvx-that-is-not: not found in /usr/local/bin, /usr/bin, /bin (its environment has no PATH), \
            as user \(user)
            """)
    }

    @Test("files that were there but unusable are named")
    func unusable() throws {
        let tree = try Tree(executables: [], files: ["a/tool"], directories: ["b/tool"])
        expect(
            "tool", ["PATH": "\(tree.root)/a:\(tree.root)/b"],
            """
            tool: \(tree.root)/a/tool is not executable; \(tree.root)/b/tool is a directory; nothing usable found in \
            \(tree.root)/a, \(tree.root)/b (PATH of the server's environment), as user \(user)
            """)
    }

    @Test("a path is not searched for")
    func path() throws {
        let tree = try Tree(executables: ["bin/tool"], files: ["plain"], directories: [])
        #expect(try ExecutableSearch.find("\(tree.root)/bin/tool", environment: [:]) == "\(tree.root)/bin/tool")
        expect(
            "\(tree.root)/none", ["PATH": "\(tree.root)/bin"],
            "\(tree.root)/none: \(tree.root)/none does not exist, as user \(user)")
        expect(
            "\(tree.root)/plain", [:], "\(tree.root)/plain: \(tree.root)/plain is not executable, as user \(user)")
        expect("\(tree.root)/bin", [:], "\(tree.root)/bin: \(tree.root)/bin is a directory, as user \(user)")
        expect("/dev/null", [:], "/dev/null: /dev/null is no regular file, as user \(user)")
    }

    @Test("relative paths, in PATH too, are seen from the working directory")
    func relative() throws {
        let tree = try Tree(executables: ["bin/tool", "here"], files: [], directories: [])
        let found = { (command: String, path: String) in
            try ExecutableSearch.find(command, environment: ["PATH": path], workingDirectory: tree.root)
        }
        #expect(try found("bin/tool", "") == "bin/tool")
        #expect(try found("./here", "/usr/bin") == "./here")
        #expect(try found("tool", "/usr/bin:bin") == "bin/tool")
        #expect(try found("here", "/usr/bin:") == "./here")
    }

    @Test("an empty command is an error of its own")
    func empty() {
        expect("", ["PATH": "/bin"], "the command is empty")
        expect("sh\0ell", ["PATH": "/bin"], "shell: the command contains a NUL byte")
    }

    @Test("what is found can be executed where it was looked for")
    func executes() async throws {
        let tree = try Tree(executables: ["bin/tool"], files: [], directories: [])
        let path = try ExecutableSearch.find(
            "tool", environment: ["PATH": "bin"], workingDirectory: tree.root)
        let child = try await Harness.spawn(
            SpawnRequest(executable: path, arguments: ["tool"], workingDirectory: tree.root))
        #expect(await child.readToEnd() == "ran\n")
    }

    @Test("a directory that may not be entered is told from a missing file", .enabled(if: geteuid() != 0))
    func unreachable() throws {
        let tree = try Tree(executables: ["locked/tool"], files: [], directories: [])
        chmod("\(tree.root)/locked", 0)
        defer { chmod("\(tree.root)/locked", 0o700) }
        expect(
            "tool", ["PATH": "\(tree.root)/locked"],
            """
            tool: \(tree.root)/locked/tool cannot be reached (permission denied); nothing usable found in \
            \(tree.root)/locked (PATH of the server's environment), as user \(user)
            """)
    }

    private func expect(
        _ command: String, _ environment: [String: String], _ description: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let failure = #expect(throws: ExecutableNotFound.self, sourceLocation: sourceLocation) {
            _ = try ExecutableSearch.find(command, environment: environment)
        }
        #expect(failure?.description == description, sourceLocation: sourceLocation)
    }
}

/// A few files below a directory of their own, gone with the value.
private struct Tree: ~Copyable {
    struct Failure: Error {
        let path: String
        let errorNumber: Int32
    }

    let root: String
    private let paths: [String]

    init(executables: [String], files: [String], directories: [String]) throws {
        root = "/tmp/mcp-gateway-search-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let all = executables + files + directories
        let parents = Set(all.compactMap { $0.split(separator: "/").dropLast().first.map(String.init) })
        paths = all.sorted { $0.count > $1.count } + parents
        try Self.check(mkdir(root, 0o700), root)
        for name in parents.union(directories).sorted() { try Self.check(mkdir("\(root)/\(name)", 0o700), name) }
        for (names, mode) in [(executables, 0o700), (files, 0o600)] as [([String], mode_t)] {
            for name in names {
                let file = open("\(root)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, mode)
                try Self.check(file, name)
                let script = Array("#!/bin/sh\necho ran\n".utf8)
                try Self.check(write(file, script, script.count) == script.count ? 0 : -1, name)
                close(file)
            }
        }
    }

    private static func check(_ result: Int32, _ path: String) throws {
        if result < 0 { throw Failure(path: path, errorNumber: errno) }
    }

    deinit {
        for path in paths { remove("\(root)/\(path)") }
        remove(root)
    }
}
