internal import Glibc
internal import NIOCore

/// The names and addresses under which this machine is known to itself and in its own network.
enum LocalNames {
    /// The host name, also with `.local` (mDNS) and with the network's search domains, and the addresses of the
    /// interfaces. In lower case.
    static func all() -> Set<String> {
        var names: Set<String> = []
        if let host = hostName() {
            names.insert(host)
            let short = String(host.prefix { $0 != "." })
            names.insert(short)
            for domain in ["local"] + searchDomains(in: resolverConfiguration()) { names.insert("\(short).\(domain)") }
        }
        for device in (try? System.enumerateDevices()) ?? [] {
            if let address = plain(device.address?.ipAddress) { names.insert(address) }
        }
        return names
    }

    /// An address as a `Host` header spells it: without the interface of a link-local one, and not wrapped in IPv6.
    static func plain(_ address: String?) -> String? {
        guard let address = address?.prefix(while: { $0 != "%" }).lowercased() else { return nil }
        let mapped = "::ffff:"
        return address.hasPrefix(mapped) && address.contains(".") ? String(address.dropFirst(mapped.count)) : address
    }

    /// The domains of the last `search` or `domain` line, as resolv.conf(5) has it.
    static func searchDomains(in resolverConfiguration: String) -> [String] {
        var domains: [String] = []
        for line in resolverConfiguration.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.first == "search" || words.first == "domain" else { continue }
            domains = words.dropFirst().compactMap { Authority($0)?.host }
        }
        return domains
    }

    private static func hostName() -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        let name = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return Authority(String(decoding: name, as: UTF8.self))?.host
    }

    private static func resolverConfiguration() -> String {
        let descriptor = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }
}
