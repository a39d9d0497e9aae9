import GatewayConfiguration
import Glibc

/// The files that golden configurations refer to. Every secret in them holds the word that no diagnostic may hold.
enum GoldenFiles {
    static let reader = FileReader { path, limit throws(FileReader.Failure) in
        guard let content = contents[path] else {
            throw path == "/run/secrets/root-only"
                ? .system(EACCES) : path == "/dev/zero" ? .notRegular : .system(ENOENT)
        }
        return Array(content.prefix(limit + 1))
    }

    static let names = Array(contents.keys)

    private static let contents: [String: [UInt8]] = texts.mapValues { Array($0.utf8) }.merging(binaries) { $1 }

    private static let binaries: [String: [UInt8]] = [
        "/run/secrets/latin1": Array("s3cr3t ".utf8) + [0xE9],
        "/etc/ssl/me.pem": Array("-----BEGIN".utf8), "me.key": Array("s3cr3t".utf8), "ca.pem": Array("x".utf8),
        "/run/secrets/nul": Array("s3cr3t".utf8) + [0],
        "/run/secrets/64KiB": [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10),
        "/run/credentials/mcp-gateway.service/binary": Array("s3cr3t ".utf8) + [0xE9],
        "/run/credentials/mcp-gateway.service/large": [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10 + 1),
        "/run/secrets/large": [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10 + 1),
    ]

    private static let texts = [
        "/run/secrets/token": "s3cr3t-from-file\n",
        "/run/secrets/two newlines": "s3cr3t\n\n",
        "/run/secrets/windows": "s3cr3t\r\n",
        "/run/secrets/empty": "",
        "/run/secrets/dollar": "s3cr3t-$HOME-${HOME}\n",
        "/home/ada/token": "s3cr3t-from-home",
        "/run/credentials/mcp-gateway.service/token": "s3cr3t-of-the-service\n",
        "/run/credentials/mcp-gateway.service/key of ada": "s3cr3t-$HOME\n\n",
        "server.env": """
        # What the server needs
        PLAIN=s3cr3t-plain
        export EXPORTED = "s3cr3t \\"quoted\\"\\tand\\nescaped \\$HOME \\q" # a comment
        SINGLE='s3cr3t # no comment, $HOME ${HOME} \\n'
        SPACES=  s3cr3t with spaces   # a comment
        HASH=s3cr3t#kept
        EMPTY=
        ONLY_COMMENT= # nothing
        KEY="-----BEGIN s3cr3t-----
        second line
        -----END-----"
        BOTH=from the file
        """,
        "/etc/windows.env": "\u{FEFF}A=s3cr3t-a\r\n\r\n# remark\r\nB='s3cr3t\r\nsecond'\r\nC=\r\nD=\"x\" \r",
        "secrets/broken.env": """
        GOOD=s3cr3t
        s3cr3t-without-a-name
        =s3cr3t
        1ST=s3cr3t
        my-key=s3cr3t
        TWICE=s3cr3t
        QUOTED="s3cr3t" s3cr3t
        TWICE=s3cr3t
        VARIABLE=${s3cr3t}
        export
        OPEN="s3cr3t
        LAST=1
        """,
    ]
}
