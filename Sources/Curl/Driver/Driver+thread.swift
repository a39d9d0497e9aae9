internal import CCurl
internal import Glibc

extension Driver {
    /// Starts a thread with a driver on it, which ends when the queue is closed.
    static func begin(queue: CommandQueue) throws(HTTPClientFailure) -> pthread_t {
        guard globalCode == CURLE_OK else { throw HTTPClientFailure("curl_global_init", errorNumber: ENOMEM) }
        let watcher = ccurl_watcher_open()
        guard watcher >= 0 else { throw HTTPClientFailure("epoll_create1", errorNumber: errno) }
        guard let multi = curl_multi_init() else {
            close(watcher)
            throw HTTPClientFailure("curl_multi_init", errorNumber: ENOMEM)
        }
        // From here on the driver closes both.
        let driver = Driver(queue: queue, watcher: watcher, multi: multi)
        let error = ccurl_watch(watcher, queue.bell, CURL_POLL_IN)
        guard error == 0 else { throw HTTPClientFailure("epoll_ctl", errorNumber: error) }
        return try start(Unmanaged.passRetained(driver))
    }

    private static func start(_ driver: Unmanaged<Driver>) throws(HTTPClientFailure) -> pthread_t {
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                ccurl_prepare_thread()
                Unmanaged<Driver>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, driver.toOpaque())
        guard error == 0 else {
            driver.release()
            throw HTTPClientFailure("pthread_create", errorNumber: error)
        }
        return thread
    }

    /// Once for the process.
    private static let globalCode = curl_global_init(ccurl_global_all)
}
