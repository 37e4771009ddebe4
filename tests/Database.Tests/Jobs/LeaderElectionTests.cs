using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Database.Jobs;
using Platform.Testing;

namespace Platform.Database.Tests.Jobs;

public sealed class LeaderElectionTests(ShopDatabase database) : IClassFixture<ShopDatabase>
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_of_two_replicas_leads()
    {
        await using var first = new Replica(database, "one");
        await first.Leads(Ct);
        await using var second = new Replica(database, "one");

        // By then the second replica has seen that the lock is taken.
        await Eventually.IsTrue(() => second.HasTried(Ct), Ct);

        second.IsLeading.ShouldBeFalse();
        first.IsLeading.ShouldBeTrue();
    }

    [Fact]
    public async Task Different_work_has_different_leaders()
    {
        await using var first = new Replica(database, "bread");
        await using var second = new Replica(database, "butter");

        await first.Leads(Ct);
        await second.Leads(Ct);
    }

    [Fact]
    public async Task A_leader_whose_connection_is_closed_is_cancelled_and_replaced()
    {
        await using var first = new Replica(database, "killed");
        await first.Leads(Ct);
        await using var second = new Replica(database, "killed");
        await Eventually.IsTrue(() => second.HasTried(Ct), Ct);
        var token = first.LeadersToken;

        var started = Stopwatch.GetTimestamp();
        await database.AsSuperuser(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'shop leader killed'");
        await Eventually.IsTrue(() => Task.FromResult(first.IsLeading || second.IsLeading), Ct);
        await Eventually.IsTrue(() => Task.FromResult(token.IsCancellationRequested), Ct);

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Takeover);
        (first.IsLeading && second.IsLeading).ShouldBeFalse();
    }

    [Fact]
    public async Task A_replica_takes_over_when_the_leaders_process_is_killed()
    {
        using var process = new HoldingProcess(database, "shop:process");
        await process.Holds(Ct);
        await using var replica = new Replica(database, "process");
        await Eventually.IsTrue(() => replica.HasTried(Ct), Ct);
        replica.IsLeading.ShouldBeFalse();

        var started = Stopwatch.GetTimestamp();
        process.Kill();

        await replica.Leads(Ct);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Takeover);
    }

    [Fact]
    public async Task A_frozen_leader_is_replaced_and_a_healthy_one_is_not()
    {
        await using var healthy = new Replica(database, "healthy");
        await healthy.Leads(Ct);
        var token = healthy.LeadersToken;
        using var frozen = new HoldingProcess(database, "shop:frozen");
        await frozen.Holds(Ct);
        await using var replica = new Replica(database, "frozen");
        await Eventually.IsTrue(() => replica.HasTried(Ct), Ct);
        replica.IsLeading.ShouldBeFalse();

        await replica.Leads(Ct);

        token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_replica_takes_over_when_the_leader_stops()
    {
        var first = new Replica(database, "stopped");
        await first.Leads(Ct);
        await using var second = new Replica(database, "stopped");

        await first.DisposeAsync();

        await second.Leads(Ct);
    }

    [Fact]
    public async Task Failed_work_is_retried()
    {
        var tries = 0;
        await using var replica = new Replica(database, "failing", (_, _) => ++tries < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask);

        await replica.Ended(Ct);

        tries.ShouldBe(3);
    }

    [Fact]
    public async Task A_leader_receives_notifications_even_on_channels_it_listens_to_later()
    {
        var heard = new SemaphoreSlim(0);
        await using var replica = new Replica(database, "listening", async (connection, ct) =>
        {
            connection.Notified += () => heard.Release();
            await connection.Listen("first", ct);
            await database.AsService("notify first");
            await heard.WaitAsync(ct);
            await connection.Listen("se\"cond", ct);
            await database.AsService("notify \"se\"\"cond\"");
            await heard.WaitAsync(ct);
        });

        await replica.Ended(Ct);
    }

    [Fact]
    public async Task A_waiting_replica_holds_no_leader_connection()
    {
        await using var first = new Replica(database, "frugal");
        await first.Leads(Ct);
        await using var second = new Replica(database, "frugal");
        await Eventually.IsTrue(() => second.HasTried(Ct), Ct);

        (await database.Read<long>("select count(*) from pg_stat_get_activity(null) a, pg_database d where d.oid = a.datid and d.datname = current_database() and a.application_name = 'shop leader frugal'"))
            .ShouldBe(1);
    }

    [Fact]
    public async Task No_replica_leads_without_the_database_and_one_does_when_it_is_back()
    {
        await using var replica = new Replica(database, "patient");
        await replica.Leads(Ct);
        var token = replica.LeadersToken;

        await database.Away(async () => await Eventually.IsTrue(() => Task.FromResult(token.IsCancellationRequested && !replica.IsLeading), Ct));

        await replica.Leads(Ct);
    }

    private sealed class Replica : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly ShopDatabase _database;
        private readonly NpgsqlDataSource _source;
        private readonly Task _work;
        private volatile bool _leading;

        public Replica(ShopDatabase database, string name, Func<LeaderConnection, CancellationToken, Task>? work = null)
        {
            _database = database;
            _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.Connections.ForPool()) { ApplicationName = Id }.ConnectionString);
            var election = new LeaderElection(database.Connections, _source, _services.GetRequiredService<IMeterFactory>(),
                NullLogger<LeaderElection>.Instance);
            _work = election.Lead(name, work ?? BeLeader, _stop.Token);
        }

        public bool IsLeading => _leading;

        public CancellationToken LeadersToken { get; private set; }

        private string Id { get; } = $"replica {Guid.NewGuid():n}";

        public Task Leads(CancellationToken ct) => Eventually.IsTrue(() => Task.FromResult(_leading), ct, Takeover);

        public Task Ended(CancellationToken ct) => _work.WaitAsync(Eventually.Within, ct);

        /// <summary>Whether the replica has tried to take the lock.</summary>
        public async Task<bool> HasTried(CancellationToken ct)
        {
            await using var connection = await _database.Open("postgres");
            await using var command = new NpgsqlCommand(
                "select exists (select from pg_stat_activity where application_name = $1 and query like '%pg_try_advisory_xact_lock%' and state = 'idle')", connection)
            {
                Parameters = { new() { Value = Id } },
            };
            return await command.ExecuteScalarAsync(ct) is true;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _work.WaitAsync(Eventually.Within, CancellationToken.None);
            await _source.DisposeAsync();
            await _services.DisposeAsync();
            _stop.Dispose();
        }

        private async Task BeLeader(LeaderConnection connection, CancellationToken ct)
        {
            LeadersToken = ct;
            _leading = true;
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            finally
            {
                _leading = false;
            }
        }
    }
}
