internal import Glibc

/// What the kernel says of this process, under the names that Prometheus' client libraries use.
public enum ProcessSamples {
    /// As it is now. What cannot be read is left out.
    public static func now() -> [Sample] {
        var samples: [Sample] = []
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            samples.append(Sample(.processCPU, seconds(usage.ru_utime) + seconds(usage.ru_stime)))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            samples.append(Sample(.processDescriptorLimit, Double(limit.rlim_cur)))
        }
        // proc_pid_statm(5): the second number is the resident set in pages.
        if let pages = read("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({ Double($0) }) {
            samples.append(Sample(.processMemory, pages * Double(sysconf(Int32(_SC_PAGESIZE)))))
        }
        if let count = descriptors() { samples.append(Sample(.processDescriptors, Double(count))) }
        if let start = startTime() { samples.append(Sample(.processStart, start)) }
        return samples
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    private static func descriptors() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Without ".", ".." and the directory's own.
        return count - 3
    }

    /// proc_pid_stat(5): the 22nd field, in clock ticks after the boot, which proc_stat(5) tells as `btime`.
    private static func startTime() -> Double? {
        guard let status = read("/proc/self/stat"), let name = status.lastIndex(of: ")"),
            let ticks = status[name...].split(separator: " ").dropFirst(20).first.flatMap({ Double($0) }),
            let boot = read("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let bootTime = Double(boot.dropFirst("btime ".count))
        else { return nil }
        return bootTime + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while text.count < 1 << 20 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer.prefix(count)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
