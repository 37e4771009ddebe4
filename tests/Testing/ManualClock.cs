using Microsoft.Extensions.Time.Testing;

namespace Platform.Testing;

/// <summary>A clock for running services. Its time moves only when a test moves it, but its timers also fire in real time.</summary>
/// <remarks>
/// With a plain <see cref="FakeTimeProvider"/>, a service's pauses between retries would never end by themselves. Here they end in
/// real time, or at once when <see cref="FakeTimeProvider.Advance"/> passes their end. However far the clock is moved, a periodic
/// timer fires once, as it does for a job that was down.
/// </remarks>
public sealed class ManualClock(DateTimeOffset now) : FakeTimeProvider(now)
{
    /// <summary>Starts at an instant without fractions of a second, which PostgreSQL and JSON return unchanged.</summary>
    public ManualClock() : this(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new EitherTimer((fire, due) => base.CreateTimer(_ => fire(), null, due, Timeout.InfiniteTimeSpan), () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires once for each wait, by the clock that is first.</summary>
    private sealed class EitherTimer(Func<Action, TimeSpan, ITimer> startMoved, Action callback) : ITimer
    {
        /// <summary>System timers are limited to 49 days. A longer wait ends only when the clock is moved.</summary>
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
                // The other clock has fired already, or the timer was changed.
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

        // Outside the lock: starting a timer may run others that are due.
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
                // Disposes the new timers instead if their wait has ended already.
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
