# Sourced by ./postgres and ./rabbitmq: what both need to run from Debian's binaries.

fail() { echo "$(basename "$0"): $1" >&2; exit 1; }

# One server per folder. The server inherits the descriptor, so the lock is held while any of its processes lives, even one
# left behind by a kill -9 of its parent. A script that has the lock may remove stale pid files.
# (Bash chooses the descriptor's number: the caller may have passed descriptors of its own.)
lock_folder() {
    mkdir -p "$1" || fail "cannot make the folder $1"
    exec {folder_lock}>"$1/lock"
    flock --wait 10 "$folder_lock" || fail "another server is running in $1"
}

# Sets the array `unprivileged`: the prefix that runs a command without root's rights.
# PostgreSQL refuses to run as root, and another user may not be able to enter the checkout (a clone in a folder of mode
# 700). In a user namespace, root is an ordinary user who still owns the files.
# Where namespaces are forbidden (some containers), the user `nobody` gets the folder.
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
    # The files that this script has just written there belong to root.
    [[ $owner == 0 && $(stat -c %u "$folder") == 0 ]] || chown -R "$owner" "$folder"
    "${unprivileged[@]}" test -w "$folder" || fail "neither a user namespace nor the user nobody can write to $folder; run it as an ordinary user"
}

# A free port, below the range used for outgoing connections.
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
