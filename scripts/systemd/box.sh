#!/usr/bin/env bash
# A throw-away machine: a real systemd as process 1 of its own namespaces, over an overlay of / that forgets everything
# written. It has its own network, with nothing but a loopback. Root only; needs the package systemd on this machine.
#   box.sh probe                   says what this machine does not allow, and exits with 77; 0 if it allows all
#   box.sh up DIR [SOURCE:PLACE]…  boots it; DIR keeps what is known of it, SOURCE is shown in it at PLACE, read-only
#   box.sh run DIR COMMAND…        runs a command in it, as root
#   box.sh down DIR                ends it, with every process in it
set -euo pipefail

self=$(readlink -f "${BASH_SOURCE[0]}")
readonly refused=77
# An overrun test must not leave a machine behind.
readonly lifetime=900
readonly boot_timeout=60
readonly namespaces=(--pid --mount --uts --ipc --net --fork --kill-child --propagation private)
# What reaches beyond namespaces.
readonly dropped=-sys_module,-sys_time,-sys_rawio,-sys_boot,-syslog,-mknod,-wake_alarm

die() {
    printf 'box.sh: %s\n' "$*" >&2
    exit 1
}

# --- inside, on the way to systemd ---------------------------------------------------------------------------------

# lay_root DIR : mounts the overlay at DIR/root, with the file systems that systemd wants to find.
lay_root() {
    local new=$1/root name
    mount -t tmpfs -o mode=755 box "$1"
    mkdir "$1/upper" "$1/work" "$new"
    mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" box "$new"
    mount -t proc -o nosuid,nodev,noexec proc "$new/proc"
    for name in sys sysrq-trigger irq bus; do
        [ -e "$new/proc/$name" ] || continue
        mount --bind "$new/proc/$name" "$new/proc/$name"
        mount -o remount,bind,ro,nosuid,nodev,noexec "$new/proc/$name"
    done
    mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$new/sys"
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$new/sys/fs/cgroup"
    mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$new/run"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$new/tmp"
}

# lay_devices DIR : a /dev with what every program expects, and this terminal as the console.
lay_devices() {
    local dev=$1/root/dev name
    mount -t tmpfs -o mode=755,nosuid tmpfs "$dev"
    for name in null zero full random urandom tty; do
        : > "$dev/$name"
        mount --bind "/dev/$name" "$dev/$name"
    done
    : > "$dev/console"
    mount --bind "$(tty)" "$dev/console"
    mkdir "$dev/pts" "$dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$dev/pts"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$dev/shm"
    ln -s pts/ptmx "$dev/ptmx"
    ln -s /proc/self/fd "$dev/fd"
    ln -s fd/0 "$dev/stdin"
    ln -s fd/1 "$dev/stdout"
    ln -s fd/2 "$dev/stderr"
}

# lay_units DIR : a target of nothing but the journal and temporary files, instead of what this machine runs.
lay_units() {
    local new=$1/root name
    rm -rf "$new"/{lib,etc}/systemd/system/*.target.wants
    mkdir "$new/lib/systemd/system/sysinit.target.wants" "$new/etc/systemd/system/multi-user.target.wants"
    for name in systemd-journald.service systemd-tmpfiles-setup.service; do
        ln -s "../$name" "$new/lib/systemd/system/sysinit.target.wants/$name"
    done
    : > "$new/etc/fstab"
    mkdir -p "$new/run/systemd/system" "$new/run/systemd/journald.conf.d" "$new/etc/tmpfiles.d"
    printf '%s\n' '[Unit]' 'Description=A box to test in' 'Requires=basic.target' 'After=basic.target' \
        'AllowIsolate=yes' > "$new/run/systemd/system/box.target"
    printf '%s\n' '[Journal]' 'Storage=volatile' 'RateLimitIntervalSec=0' 'ForwardToSyslog=no' 'ReadKMsg=no' \
        'Audit=' > "$new/run/systemd/journald.conf.d/box.conf"
    # It would empty /tmp, and what is bound there.
    ln -sfn /dev/null "$new/etc/tmpfiles.d/tmp.conf"
    # Images of containers refuse to start services; and nobody needs an index of manual pages.
    rm -f "$new/usr/sbin/policy-rc.d" "$new/var/lib/man-db/auto-update"
}

bind_into() {
    local new=$1/root pair source place
    shift
    for pair; do
        source=${pair%%:*} place=$new${pair#*:}
        if [ -d "$source" ]; then
            mkdir -p "$place"
        else
            mkdir -p "$(dirname "$place")"
            : >> "$place"
        fi
        mount --bind "$source" "$place"
        mount -o remount,bind,ro "$place"
    done
}

# in_own_cgroup DIR : the first process in the namespaces, while the outer /proc still tells its outer number.
in_own_cgroup() {
    local state=$1 outer group
    mkdir "$state/cgroup" "$state/box"
    mount -t cgroup2 cgroup2 "$state/cgroup"
    read -r outer _ < /proc/self/stat
    group=$state/cgroup/$(cgroup_name "$state")
    mkdir "$group"
    echo 0 > "$group/cgroup.procs"
    umount "$state/cgroup"
    echo "$outer" > "$state/pid"
    exec unshare --cgroup -- "$self" boot "$@"
}

boot() {
    local box=$1/box
    shift
    lay_root "$box"
    lay_devices "$box"
    bind_into "$box" "$@"
    lay_units "$box"
    echo box > "$box/root/etc/hostname"
    hostname box
    cd "$box/root"
    mkdir run/outside
    pivot_root . run/outside
    umount -l /run/outside
    rmdir /run/outside
    mount --make-rshared / # as on any machine that systemd boots; credentials need it
    exec env -i container=box PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        setpriv --bounding-set="$dropped" \
        /lib/systemd/systemd --system --unit=box.target --log-target=journal-or-kmsg
}

# The least that everything above rests on, tried in namespaces that end at once.
try_mounts() {
    local state=$1
    mkdir "$state/cgroup" "$state/box"
    mount -t cgroup2 cgroup2 "$state/cgroup"
    rmdir "$(mktemp -d -p "$state/cgroup" box-probe-XXXXXX)"
    mount -t tmpfs box "$state/box"
    mkdir "$state/box/upper" "$state/box/work" "$state/box/root"
    mount -t overlay -o "lowerdir=/,upperdir=$state/box/upper,workdir=$state/box/work" box "$state/box/root"
    mount -t proc proc "$state/box/root/proc"
    mount -t sysfs sysfs "$state/box/root/sys"
}

# --- outside -------------------------------------------------------------------------------------------------------

# cgroup_name DIR : no other box has it.
cgroup_name() {
    printf 'box%s' "${1//\//-}"
}

box_pid() {
    local pid
    [ -s "$1/pid" ] || return 1
    pid=$(< "$1/pid")
    # The namespace tells the box from a stranger that was given its number.
    [ "$(readlink "/proc/$pid/ns/mnt" 2>/dev/null)" = "$(cat "$1/namespace" 2>/dev/null)" ] || return 1
    printf '%s\n' "$pid"
}

probe() {
    local state output
    [ "$(id -u)" = 0 ] || die "root is needed"
    [ -x /lib/systemd/systemd ] || die "no systemd here: apt-get install systemd"
    state=$(mktemp -d)
    if ! output=$(unshare "${namespaces[@]}" --cgroup -- "$self" try_mounts "$state" 2>&1); then
        rm -rf "$state"
        printf '%s\n' "$output" >&2
        exit "$refused"
    fi
    rm -rf "$state"
}

run() {
    local pid
    pid=$(box_pid "$1") || die "the box in $1 does not run"
    shift
    exec nsenter --target "$pid" --mount --uts --ipc --net --pid --cgroup -- \
        env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive SYSTEMD_PAGER= SYSTEMD_COLORS=0 SYSTEMD_URLIFY=0 "$@"
}

up() {
    local state=$1 pid reply turn
    # script gives it a terminal as its console; setsid keeps ^C from it.
    local command
    command="unshare ${namespaces[*]} -- $(printf '%q ' "$self" in_own_cgroup "$@")"
    setsid --fork timeout --signal=KILL "$lifetime" script -qefc "$command" /dev/null \
        < /dev/null > "$state/console" 2>&1
    for ((turn = 0; turn < boot_timeout * 20; turn++)); do
        sleep 0.05
        [ -s "$state/pid" ] || continue
        pid=$(< "$state/pid")
        readlink "/proc/$pid/ns/mnt" > "$state/namespace" || break
        [ "$(readlink "/proc/$pid/exe")" -ef /lib/systemd/systemd ] || continue
        reply=$("$self" run "$state" systemctl is-system-running 2>/dev/null) || true
        case $reply in running | degraded) return ;; esac
    done
    cat "$state/console" >&2
    down "$state"
    die "systemd did not come up"
}

down() {
    local state=$1 pid turn
    if pid=$(box_pid "$state"); then
        # The kernel ends everything else in the namespace with its process 1.
        kill -KILL "$pid" 2>/dev/null || true
        for ((turn = 0; turn < 200; turn++)); do
            box_pid "$state" > /dev/null || break
            sleep 0.05
        done
    fi
    rm -f "$state/pid"
    unshare --mount --propagation private -- "$self" remove_cgroup "$state"
}

remove_cgroup() {
    local turn group
    mount -t cgroup2 cgroup2 "$1/cgroup" 2>/dev/null || return 0
    group=$1/cgroup/$(cgroup_name "$1")
    for ((turn = 0; turn < 100; turn++)); do
        [ -d "$group" ] || return 0
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.05
    done
}

case ${1:-} in
    probe | up | run | down | in_own_cgroup | boot | try_mounts | remove_cgroup) "$@" ;;
    *)
        sed -n '2,/^set -e/s/^# \{0,1\}//p' "$self" >&2
        exit 64
        ;;
esac
