namespace Platform.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
/// <remarks>
/// Waits on it (<c>PeriodicTimer</c>, <c>Task.Delay</c> with a clock) pass as they do in life, and at once when
/// <see cref="Advance"/> passes their end; so a service's pauses between attempts need no attention, and a test moves to next
/// month in no time. However far it is moved, a periodic timer fires once: that is how a job that was down catches up.
/// </remarks>
public sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = now;
    private TimeSpan _advanced;

    /// <summary>An instant with no microseconds, which PostgreSQL and JSON give back as they got it.</summary>
    public ManualClock() : this(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return System.GetTimestamp() + (long)(_advanced.TotalSeconds * TimestampFrequency);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and fires the timers that are due by then, in their order, before it returns.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        ManualTimer[] timers;
        lock (_lock)
        {
            _now += by;
            _advanced += by;
            timers = [.. _timers.OrderBy(timer => timer.DueAt)];
        }

        foreach (var timer in timers)
        {
            timer.FireIfDue();
        }
    }

    /// <inheritdoc cref="Advance"/>
    public void MoveTo(DateTimeOffset instant) => Advance(instant - GetUtcNow());

    private sealed class ManualTimer : ITimer
    {
        private readonly ManualClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _wait;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public ManualTimer(ManualClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _wait = System.CreateTimer(_ => FireIfDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        /// <summary>By <see cref="GetTimestamp"/>; null while it is off.</summary>
        public long? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                _period = period;
                _clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    DueAt = null;
                    return _wait.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                _clock._timers.Add(this);
                return Wait(dueTime);
            }
        }

        public void FireIfDue()
        {
            lock (_clock._lock)
            {
                if (_disposed || DueAt is not { } due)
                {
                    return;
                }

                var left = _clock.GetElapsedTime(_clock.GetTimestamp(), due);
                if (left > TimeSpan.Zero)
                {
                    // Woken a little early.
                    Wait(left);
                    return;
                }

                if (_period > TimeSpan.Zero)
                {
                    Wait(_period);
                }
                else
                {
                    DueAt = null;
                    _clock._timers.Remove(this);
                }
            }

            _callback(_state);
        }

        public void Dispose()
        {
            lock (_clock._lock)
            {
                _disposed = true;
                _clock._timers.Remove(this);
            }

            _wait.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private bool Wait(TimeSpan time)
        {
            DueAt = _clock.GetTimestamp() + (long)(time.TotalSeconds * _clock.TimestampFrequency);
            // A timer of the system takes 49 days at most; a wait that long ends by Advance only.
            return _wait.Change(time < TimeSpan.FromDays(40) ? time : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
