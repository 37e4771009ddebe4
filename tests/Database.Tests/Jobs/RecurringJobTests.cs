using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Platform.Database.Jobs;
using Platform.Testing;

namespace Platform.Database.Tests.Jobs;

public sealed class RecurringJobTests(ShopDatabase database) : IClassFixture<ShopDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_runs_at_once_and_at_each_tick_in_its_own_scope()
    {
        var clock = new FakeTimeProvider();
        var passes = new Passes();
        using var host = await Start<CountingJob>(passes, clock);

        await Eventually.IsTrue(() => Task.FromResult(passes.Done.Count == 1), Ct);
        clock.Advance(TimeSpan.FromHours(1));
        await Eventually.IsTrue(() => Task.FromResult(passes.Done.Count == 2), Ct);

        passes.Done.Distinct().Count().ShouldBe(2);
        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task A_failed_job_runs_again()
    {
        var clock = new FakeTimeProvider();
        var passes = new Passes { Failures = 2 };
        using var host = await Start<CountingJob>(passes, clock);

        await Eventually.IsTrue(
            () =>
            {
                clock.Advance(TimeSpan.FromHours(1));
                return Task.FromResult(!passes.Done.IsEmpty);
            },
            Ct);

        passes.Failures.ShouldBe(0);
        await host.StopAsync(Ct);
    }

    [Fact]
    public async Task A_running_job_is_cancelled_when_the_service_stops()
    {
        var passes = new Passes { Endless = true };
        using var host = await Start<CountingJob>(passes, TimeProvider.System);
        await Eventually.IsTrue(() => Task.FromResult(passes.Begun > 0), Ct);

        await host.StopAsync(Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);

        passes.Stopped.ShouldBe(1);
    }

    [Fact]
    public async Task A_running_job_is_cancelled_when_leadership_is_lost_and_another_replica_continues()
    {
        var (first, second) = (new Passes { Endless = true }, new Passes { Endless = true });
        using var one = await Start<OtherJob>(first, TimeProvider.System);
        await Eventually.IsTrue(() => Task.FromResult(first.Begun == 1), Ct);
        using var two = await Start<OtherJob>(second, TimeProvider.System);

        await database.AsSuperuser(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'shop leader OtherJob'");

        await Eventually.IsTrue(() => Task.FromResult(first.Stopped == 1 && first.Begun + second.Begun == 2), Ct);
        await Task.WhenAll(one.StopAsync(Ct), two.StopAsync(Ct));
        (first.Begun + second.Begun).ShouldBe(2);
    }

    private async Task<IHost> Start<TJob>(Passes passes, TimeProvider clock) where TJob : class, IJob
    {
        var builder = database.Host(clock);
        builder.AddServiceDatabase();
        builder.Services.AddSingleton(passes);
        builder.AddJob<TJob>(every: TimeSpan.FromHours(1));
        var host = builder.Build();
        await host.StartAsync(Ct);
        return host;
    }

    private sealed class Passes
    {
        private int _begun;
        private int _stopped;

        public ConcurrentBag<object> Done { get; } = [];

        public int Failures { get; set; }

        public bool Endless { get; init; }

        public int Begun => _begun;

        public int Stopped => _stopped;

        public async Task Pass(object job, CancellationToken ct)
        {
            Interlocked.Increment(ref _begun);
            if (Failures > 0)
            {
                Failures--;
                throw new TaskCanceledException("such as an HTTP time-out");
            }

            if (Endless)
            {
                await Task.Delay(Timeout.Infinite, ct)
                    .ContinueWith(_ => Interlocked.Increment(ref _stopped), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                ct.ThrowIfCancellationRequested();
            }

            Done.Add(job);
        }
    }

    private sealed class CountingJob(Passes passes) : IJob
    {
        public Task Run(CancellationToken ct) => passes.Pass(this, ct);
    }

    private sealed class OtherJob(Passes passes) : IJob
    {
        public Task Run(CancellationToken ct) => passes.Pass(this, ct);
    }
}
