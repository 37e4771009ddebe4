using Platform.Contracts;
using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

/// <summary>Sending rate, measured with a clock that only advances by the sender's waits, so that the machine's speed does not matter.</summary>
public sealed class PaceTests(PaceTests.App app) : IClassFixture<PaceTests.App>
{
    private const int Backlog = 90;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backlog_is_sent_at_the_full_rate_allowed()
    {
        var guests = Enumerable.Range(1, Backlog).Select(number => (User: Happened.NewUser(), Chat: new TelegramId(6_000_000 + number))).ToList();
        await app.Deliver([.. guests.Select(guest => Happened.Registered(guest.User, telegramId: guest.Chat)),
            .. guests.Select(guest => Happened.Started(guest.Chat))]);
        await app.Deliver([.. guests.Select(guest => Happened.Level(guest.User))]);

        await app.RecordTaken();
        app.Time.Run();
        await Eventually.IsTrue(async () => await app.Count("select count(*) from notifications where status = 'sent'") == Backlog, Ct);
        app.Time.Stop();

        // 89 pauses of a thirtieth of a second; timers round up to milliseconds. A sender that polled after each message would take 9 s.
        // When a message was sent says less: the clock goes on while a call is under way.
        var taken = await app.Taken();
        taken.Count.ShouldBe(Backlog);
        (taken[^1] - taken[0]).TotalSeconds.ShouldBeInRange(2.9, 3.1, $"{Backlog} at {App.PerSecond} a second");
    }

    public sealed class App : NotificationsApp
    {
        public const int PerSecond = 30;

        private readonly Lazy<Task<BotApiStub>> _api = new(() => BotApiStub.Start(CancellationToken.None));

        public JumpingClock Time { get; } = new();

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("TELEGRAM_TOKEN_CLIENT", TelegramSandbox.GuestToken), new("TELEGRAM_API_URL", _api.Value.Result.Address),
            new("Notifications:MessagesPerSecond", $"{PerSecond}"),
        ];

        protected override async Task BeforeService() => await _api.Value;

        protected override void Replace(IServiceCollection services) => services.UseClock(Time);

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await (await _api.Value).DisposeAsync();
        }
    }
}

/// <summary>A clock that only advances by jumping to the end of each short wait.</summary>
public sealed class JumpingClock : TimeProvider
{
    /// <summary>Longer waits, which belong to jobs, take real time.</summary>
    private static readonly TimeSpan LongestJump = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<JumpingTimer> _waiting = [];
    private DateTimeOffset _now = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
    private bool _runs;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > LongestJump || dueTime < TimeSpan.Zero || period != Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        lock (_lock)
        {
            var timer = new JumpingTimer(() => callback(state), dueTime);
            if (_runs)
            {
                Jump(timer);
            }
            else
            {
                _waiting.Add(timer);
            }

            return timer;
        }
    }

    /// <summary>Lets waits end, including those already started.</summary>
    public void Run()
    {
        lock (_lock)
        {
            _runs = true;
            _waiting.ForEach(Jump);
            _waiting.Clear();
        }
    }

    public void Stop()
    {
        lock (_lock)
        {
            _runs = false;
        }
    }

    private void Jump(JumpingTimer timer)
    {
        _now += timer.DueTime;
        timer.Fire();
    }

    private sealed class JumpingTimer(Action callback, TimeSpan dueTime) : ITimer
    {
        private volatile bool _disposed;

        public TimeSpan DueTime => dueTime;

        // On another thread, because CreateTimer has not returned the timer yet.
        public void Fire() => ThreadPool.QueueUserWorkItem(_ =>
        {
            if (!_disposed)
            {
                callback();
            }
        });

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("Short waits are never changed.");

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

internal static class ClockOfServices
{
    public static void UseClock(this IServiceCollection services, TimeProvider clock) =>
        Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions.Replace(services, ServiceDescriptor.Singleton(clock));
}
