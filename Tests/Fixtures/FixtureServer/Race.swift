/// Waiting for something, but not for ever.
enum Race {
    /// The stream's first element; nil when the stream ends or the time is over before there is one.
    static func first<Element: Sendable>(of stream: AsyncStream<Element>, within limit: Duration) async -> Element? {
        await withTaskGroup(of: Element?.self) { group in
            group.addTask {
                for await element in stream { return element }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// True when the whole time passed, false when the stream ended first. The stream is used up either way:
    /// a cancelled iteration ends it.
    static func sleep(_ time: Duration, unlessEnded stream: AsyncStream<Void>) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in stream {}
                return false
            }
            group.addTask {
                do {
                    try await Task.sleep(for: time)
                    return true
                } catch {
                    return false
                }
            }
            let slept = await group.next() ?? true
            group.cancelAll()
            return slept
        }
    }

    /// Whether the one stream ended before the other. Both are used up.
    static func ended(_ one: AsyncStream<Void>, before other: AsyncStream<Void>) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in one {}
                return true
            }
            group.addTask {
                for await _ in other {}
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }
}
