# Sourced by ./run and ./bench: how they find and stop what they have started.
# Every process inherits descriptor 8, a lock on the file $lock. The lock is free when the last process is gone, and each
# process that holds it belongs to this checkout. There is no list of process ids that could be stale.

holders() { { find /proc/[0-9]*/fd -lname "$(sed 's/[][*?\\]/\\&/g' <<< "$lock")" 2>/dev/null || true; } | cut -d/ -f3 | sort -u; }

# Waits until every process is gone, and kills those that are still there after so many seconds.
await_end() { # seconds
    flock --wait "$1" "$lock" true && return
    echo "Killing processes that do not stop: $(holders | tr '\n' ' ')" >&2
    holders | xargs --no-run-if-empty kill -KILL 2>/dev/null || true
    flock --wait 10 "$lock" true || { echo "These could not be killed: $(holders | tr '\n' ' ')" >&2; return 1; }
}
