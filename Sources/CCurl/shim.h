#pragma once

// What Swift cannot say by itself: functions with variable arguments, unions, macros with casts, and epoll, which its
// Glibc does not have. The parentheses around a function's name keep curl's type-checking macros away.

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

// Easy handles.

static const size_t ccurl_write_pause = CURL_WRITEFUNC_PAUSE;
static const size_t ccurl_write_error = CURL_WRITEFUNC_ERROR;
static const int ccurl_pause_nothing = CURLPAUSE_CONT;
static const long ccurl_http_2_over_tls = CURL_HTTP_VERSION_2TLS;
static const long ccurl_tls_1_2 = CURL_SSLVERSION_TLSv1_2;
static const long ccurl_global_all = CURL_GLOBAL_ALL;

// The file with the authorities that libcurl trusts by default, NULL if there is none.
static inline const char *ccurl_default_ca_file(void) { return curl_version_info(CURLVERSION_NOW)->cainfo; }

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, int64_t value) {
    return (curl_easy_setopt)(easy, option, (curl_off_t)value);
}

// Strings are copied by libcurl, other things are not.
static inline CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return (curl_easy_setopt)(easy, option, value);
}

// libcurl 7.88 makes sockets that a started program would inherit.
static inline curl_socket_t ccurl_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

struct ccurl_receiver {
    void *context;
    // Both return how many bytes they took, or `ccurl_write_error`; `body` also `ccurl_write_pause`.
    size_t (*header)(char *, size_t, size_t, void *);
    size_t (*body)(char *, size_t, size_t, void *);
    // Returns CURL_PREREQFUNC_OK or CURL_PREREQFUNC_ABORT.
    int (*request)(void *, char *, char *, int, int);
};

static inline CURLcode ccurl_set_receiver(CURL *easy, struct ccurl_receiver receiver) {
    CURLcode code = (curl_easy_setopt)(easy, CURLOPT_HEADERDATA, receiver.context);
    if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_HEADERFUNCTION, receiver.header);
    if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_WRITEDATA, receiver.context);
    if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_WRITEFUNCTION, receiver.body);
    if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_PREREQDATA, receiver.context);
    if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, receiver.request);
    if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_PRIVATE, receiver.context);
    if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, ccurl_open_socket);
    return code;
}

static inline long ccurl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return (curl_easy_getinfo)(easy, info, &value) == CURLE_OK ? value : 0;
}

static inline int64_t ccurl_get_size(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return (curl_easy_getinfo)(easy, info, &value) == CURLE_OK ? value : 0;
}

static inline void *ccurl_get_context(CURL *easy) {
    void *value = NULL;
    return (curl_easy_getinfo)(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

// Multi handles.

struct ccurl_multi_callbacks {
    void *context;
    int (*socket)(CURL *, curl_socket_t, int, void *, void *);
    int (*timer)(CURLM *, long, void *);
};

static inline CURLMcode ccurl_multi_set_callbacks(CURLM *multi, struct ccurl_multi_callbacks callbacks) {
    CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETDATA, callbacks.context);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, callbacks.socket);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERDATA, callbacks.context);
    if (code == CURLM_OK) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, callbacks.timer);
    return code;
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return (curl_multi_setopt)(multi, option, value);
}

// The next transfer that has ended, and how; NULL when there is no more.
static inline CURL *ccurl_next_ended(CURLM *multi, CURLcode *result) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

// epoll(7), in libcurl's words.

struct ccurl_ready {
    int descriptor;
    // CURL_CSELECT_*
    int directions;
};

static inline int ccurl_watcher_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

// Watches for CURL_POLL_*. What libcurl does not wait for is not watched at all: epoll would tell of a connection that
// broke again and again. Returns 0 or an errno value.
static inline int ccurl_watch(int watcher, int descriptor, int what) {
    if (what == CURL_POLL_NONE || what == CURL_POLL_REMOVE) {
        epoll_ctl(watcher, EPOLL_CTL_DEL, descriptor, NULL);
        return 0;
    }
    struct epoll_event event = {.data.fd = descriptor};
    if (what & CURL_POLL_IN) event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
    if (epoll_ctl(watcher, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
    if (errno != ENOENT) return errno;
    return epoll_ctl(watcher, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

// Returns the number of those that are ready, or -1 with errno.
static inline int ccurl_wait(int watcher, struct ccurl_ready *ready, int capacity, int milliseconds) {
    enum { most = 256 };
    struct epoll_event events[most];
    int count;
    do {
        count = epoll_wait(watcher, events, capacity < most ? capacity : most, milliseconds);
    } while (count < 0 && errno == EINTR);
    for (int i = 0; i < count; i++) {
        uint32_t seen = events[i].events;
        // A broken connection is read from and written to, which tells why, and what came before is not lost: to
        // libcurl, CURL_CSELECT_ERR would be the end.
        int directions = 0;
        if (seen & (EPOLLIN | EPOLLHUP | EPOLLERR)) directions |= CURL_CSELECT_IN;
        if (seen & (EPOLLOUT | EPOLLERR)) directions |= CURL_CSELECT_OUT;
        ready[i] = (struct ccurl_ready){.descriptor = events[i].data.fd, .directions = directions};
    }
    return count;
}

// eventfd(2)

static inline int ccurl_bell_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Neither can fail in a way that matters: a full counter is readable already, an empty one is quiet already.
static inline void ccurl_bell_ring(int bell) {
    uint64_t one = 1;
    ssize_t written = write(bell, &one, sizeof one);
    (void)written;
}

static inline void ccurl_bell_quiet(int bell) {
    uint64_t count;
    ssize_t got = read(bell, &count, sizeof count);
    (void)got;
}

// Signals are for other threads: SIGPIPE above all, which libcurl leaves to us under CURLOPT_NOSIGNAL.
static inline void ccurl_prepare_thread(void) {
    extern int pthread_setname_np(pthread_t, const char *);
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    pthread_setname_np(pthread_self(), "curl");
}
