internal import CCurl

/// One of libcurl's easy handles, to be used on one thread. It remembers what went wrong with its options.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// The first option that libcurl refused.
    private(set) var failure: CURLcode?

    private var fields: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutableBufferPointer<CChar>

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0)
    }

    /// It must not be part of a multi handle.
    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(fields)
        errorText.deallocate()
    }

    /// Forgets all options; keeps what libcurl learned about names and TLS sessions.
    func reset() {
        curl_easy_reset(pointer)
        curl_slist_free_all(fields)
        fields = nil
        failure = nil
        errorText[0] = 0
        note(ccurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText.baseAddress))
    }

    func set(_ option: CURLoption, _ value: Bool) {
        note(ccurl_set_long(pointer, option, value ? 1 : 0))
    }

    func set(_ option: CURLoption, _ value: Int) {
        note(ccurl_set_long(pointer, option, value))
    }

    /// A `nil` takes libcurl's default away, too.
    func set(_ option: CURLoption, _ value: String?) {
        note(ccurl_set_string(pointer, option, value))
    }

    func set(_ receiver: ccurl_receiver) {
        note(ccurl_set_receiver(pointer, receiver))
    }

    /// Sends these bytes, which libcurl copies.
    func setBody(_ bytes: UnsafeRawBufferPointer) {
        note(ccurl_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count)))
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            // Not NULL: then libcurl would read the body from stdin.
            set(CURLOPT_COPYPOSTFIELDS, "")
            return
        }
        note(ccurl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start)))
    }

    /// Sends these header lines, which live as long as the options.
    func setFields(_ lines: [String]) {
        for line in lines {
            guard let longer = curl_slist_append(fields, line) else {
                note(CURLE_OUT_OF_MEMORY)
                return
            }
            fields = longer
        }
        note(ccurl_set_list(pointer, CURLOPT_HTTPHEADER, fields))
    }

    /// What libcurl says about the last failure, in its own words; empty if nothing.
    var lastErrorText: String {
        String(decoding: errorText.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private func note(_ code: CURLcode) {
        if code != CURLE_OK, failure == nil { failure = code }
    }
}
