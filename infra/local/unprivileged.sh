# Sourced by the scripts beside it: what PostgreSQL and RabbitMQ have in common when they run from Debian's binaries.

fail() { echo "$(basename "$0"): $1" >&2; exit 1; }

# One server a folder. The server inherits the descriptor, so the lock is held for as long as any process of it lives,
# also one that a kill -9 of its parent left behind; whoever holds the lock may remove stale pid files.
# (Descriptors with a number of bash's choice: the caller may have given us some of his own.)
lock_folder() {
    mkdir -p "$1" || fail "cannot make the folder $1"
    exec {folder_lock}>"$1/lock"
    flock --wait 10 "$folder_lock" || fail "another server is running in $1"
}

# Sets the array `unprivileged`: what to put before a command to run it without root's rights.
# PostgreSQL refuses to run as root, and another user may not be able to enter the checkout (a clone in a folder of mode
# 700). In a user namespace root is an ordinary user who still owns his files.
# Where namespaces are forbidden (some containers), the user `nobody` takes over the folder.
drop_privileges() {
    local folder=$1 owner=0
    unprivileged=()
    [[ $EUID == 0 ]] || return 0
    if unshare --user --map-user=1000 --map-group=1000 true 2>/dev/null; then
        unprivileged=(unshare --user --map-user=1000 --map-group=1000)
    else
        owner=$(id -u nobody)
        unprivileged=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    fi
    # What this script itself has just written there is root's.
    [[ $owner == 0 && $(stat -c %u "$folder") == 0 ]] || chown -R "$owner" "$folder"
    "${unprivileged[@]}" test -w "$folder" || fail "neither a user namespace nor the user nobody can write to $folder; run it as an ordinary user"
}

# A port that nobody listens on, below the range that outgoing connections take theirs from.
free_port() {
    local port
    while port=$((RANDOM % 12000 + 20000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

# Waits for a child and sets `code`. A trapped signal ends `wait` early, with a code above 128 that is not the child's.
await() {
    code=0
    wait "$1" || code=$?
    while kill -0 "$1" 2>/dev/null; do
        code=0
        wait "$1" || code=$?
    done
}
