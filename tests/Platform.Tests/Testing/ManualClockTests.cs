using Platform.Testing;

namespace Platform.Tests.Testing;

/// <summary>What ManualClock adds to FakeTimeProvider: short waits of running services also end by themselves.</summary>
public sealed class ManualClockTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_short_delay_ends_by_itself_without_moving_the_time()
    {
        var before = _clock.GetUtcNow();

        await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);

        _clock.GetUtcNow().ShouldBe(before);
    }

    [Fact]
    public async Task A_long_delay_ends_only_when_the_clock_has_passed_it()
    {
        var delay = Task.Delay(TimeSpan.FromDays(49), _clock, Ct);

        _clock.Advance(TimeSpan.FromDays(48));
        delay.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromDays(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task A_periodic_timer_with_a_short_period_ticks_by_itself()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), _clock);

        for (var tick = 1; tick <= 3; tick++)
        {
            (await timer.WaitForNextTickAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Ct)).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_periodic_timer_fires_once_however_far_the_clock_is_moved()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));

        _clock.Advance(TimeSpan.FromDays(3));
        fired.ShouldBe(1);

        _clock.Advance(TimeSpan.FromHours(1));
        fired.ShouldBe(2);
    }

    [Fact]
    public void A_timer_fires_before_Advance_returns_and_not_after_it_was_stopped()
    {
        var fired = new List<string>();
        using var late = _clock.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan);
        using var early = _clock.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        using var stopped = _clock.CreateTimer(_ => fired.Add("stopped"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        var disposed = _clock.CreateTimer(_ => fired.Add("disposed"), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        disposed.Dispose();

        _clock.Advance(TimeSpan.FromHours(3));
        _clock.Advance(TimeSpan.FromHours(3));

        fired.ShouldBe(["early", "late"]);
        disposed.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan).ShouldBeFalse();
    }
}
