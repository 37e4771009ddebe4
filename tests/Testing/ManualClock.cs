using Microsoft.Extensions.Time.Testing;

namespace Platform.Testing;

/// <summary>A clock for running services: its time stands still until a test moves it, but waits on it also end by themselves.</summary>
/// <remarks>
/// On a <see cref="FakeTimeProvider"/> a service's pauses between attempts would last until the test thinks of them. Here they pass
/// as they do in production, and at once when <see cref="FakeTimeProvider.Advance"/> passes their end. However far the clock is
/// moved, a periodic timer fires once: that is how a job that was down catches up.
/// </remarks>
public sealed class ManualClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    /// <summary>An instant without microseconds, which PostgreSQL and JSON return as they got it.</summary>
    public ManualClock() : this(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new EitherTimer((fire, due) => base.CreateTimer(_ => fire(), null, due, Timeout.InfiniteTimeSpan), () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires once for each wait, whichever of the two clocks is first.</summary>
    private sealed class EitherTimer(Func<Action, TimeSpan, ITimer> startMoved, Action callback) : ITimer
    {
        /// <summary>A timer of the system takes 49 days at most. A longer wait ends only when the clock is moved.</summary>
        private static readonly TimeSpan LongestRealWait = TimeSpan.FromDays(40);

        private readonly Lock _lock = new();
        private ITimer[] _timers = [];
        private TimeSpan _period;
        private long _wait;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            long wait;
            lock (_lock)
            {
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                wait = ++_wait;
            }

            Begin(wait, dueTime);
            return true;
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                _wait++;
            }

            Replace(_wait, []);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(long wait)
        {
            TimeSpan next;
            lock (_lock)
            {
                // The other clock was first, or the timer was changed.
                if (wait != _wait)
                {
                    return;
                }

                wait = ++_wait;
                next = _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan;
            }

            Begin(wait, next);
            callback();
        }

        // Outside the lock: to start a timer may run others that are due.
        private void Begin(long wait, TimeSpan dueTime)
        {
            var timers = new List<ITimer>();
            if (dueTime > TimeSpan.Zero)
            {
                timers.Add(startMoved(() => Fire(wait), dueTime));
            }

            if (dueTime >= TimeSpan.Zero && dueTime < LongestRealWait)
            {
                timers.Add(System.CreateTimer(_ => Fire(wait), null, dueTime, Timeout.InfiniteTimeSpan));
            }

            Replace(wait, [.. timers]);
        }

        private void Replace(long wait, ITimer[] timers)
        {
            ITimer[] over;
            lock (_lock)
            {
                // A wait that is over already needs no timers.
                over = wait == _wait ? _timers : timers;
                _timers = wait == _wait ? timers : _timers;
            }

            foreach (var timer in over)
            {
                timer.Dispose();
            }
        }
    }
}
