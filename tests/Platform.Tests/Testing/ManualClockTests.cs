using Platform.Testing;

namespace Platform.Tests.Testing;

public sealed class ManualClockTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly ManualClock _clock = new();

    [Fact]
    public void It_stands_still_until_it_is_moved()
    {
        var before = _clock.GetUtcNow();

        _clock.GetUtcNow().ShouldBe(before);
        _clock.Advance(TimeSpan.FromDays(400));

        _clock.GetUtcNow().ShouldBe(before + TimeSpan.FromDays(400));
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public async Task A_delay_of_a_year_ends_when_the_year_has_passed_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromDays(49), _clock, Ct);

        _clock.Advance(TimeSpan.FromDays(48));
        delay.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromDays(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task A_short_delay_ends_by_itself() => await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);

    [Fact]
    public async Task A_job_that_was_down_for_days_catches_up_once()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), _clock);

        _clock.Advance(TimeSpan.FromDays(3));
        (await timer.WaitForNextTickAsync(Ct)).ShouldBeTrue();
        var next = timer.WaitForNextTickAsync(Ct);
        next.IsCompleted.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromHours(1));
        (await next).ShouldBeTrue();
    }

    [Fact]
    public void Timers_fire_in_their_order_before_advance_returns()
    {
        var fired = new List<string>();
        using var late = _clock.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan);
        using var early = _clock.CreateTimer(_ => fired.Add("early"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        using var stopped = _clock.CreateTimer(_ => fired.Add("stopped"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromHours(3));

        fired.ShouldBe(["early", "late"]);
    }

    [Fact]
    public void What_passed_is_what_was_advanced()
    {
        var started = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromHours(5));

        _clock.GetElapsedTime(started).ShouldBe(TimeSpan.FromHours(5), TimeSpan.FromSeconds(10));
    }
}
