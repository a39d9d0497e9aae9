internal import Glibc

/// The user that a service runs as, and how root becomes it: what it may do, others cannot tell.
struct ServiceAccount {
    /// The user of the packaged service.
    static let standardName = "mcp-gateway"
    /// What systemd gives a service to search for programs (systemd.exec(5), "Environment Variables in Spawned
    /// Processes").
    static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"

    let name: String
    let home: String
    private let user: uid_t
    private let group: gid_t

    /// The account of this name; `nil` if there is none.
    init?(name: String) {
        guard let entry = getpwnam(name) else { return nil }
        self.name = name
        home = String(cString: entry.pointee.pw_dir)
        user = entry.pointee.pw_uid
        group = entry.pointee.pw_gid
    }

    /// The account that this process has now.
    static var current: String {
        getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "number \(geteuid())"
    }

    /// Makes this process one of the account's, for good. Returns whether that was possible.
    func assume() -> Bool {
        initgroups(name, group) == 0 && setgid(group) == 0 && setuid(user) == 0
    }
}
