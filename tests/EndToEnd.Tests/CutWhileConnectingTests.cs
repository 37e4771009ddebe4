using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>
/// Broker connections that break while they are being made, the worst case for clients. A short run; environment variables
/// make it longer, see docs/operations.md.
/// </summary>
public sealed class CutWhileConnectingTests(PlatformApp platform, ITestOutputHelper output) : IClassFixture<PlatformApp>
{
    /// <summary>From the last reset: until the loss is noticed, a new process has started if needed, and the events are handled.</summary>
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan CutFor = TimeSpan.FromSeconds(Setting("BROKER_CUT_SECONDS", 15));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(Setting("BROKER_CUT_SEED", Random.Shared.Next(1_000_000)), Setting("BROKER_CUT_ROUNDS", 1))];

    [Theory]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public async Task Events_take_effect_within_a_minute_after_broker_connections_kept_breaking(int seed)
    {
        ServiceProcess[] services = [platform.Users, platform.Loyalty, platform.Notifications];
        var guest = await platform.GivenGuest();
        await Eventually.IsTrue(async () => await HasAccount(guest), Ct);
        var (registered, orders) = (new List<Guest>(), 0);
        var ends = new ConcurrentQueue<string>();
        var resetsBefore = Resets(services);
        using var supervised = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var supervisors = Task.WhenAll(services.Select(service => KeepRunning(service, ends, supervised.Token)));

        var started = Stopwatch.GetTimestamp();
        foreach (var (service, number) in services.Zip(Enumerable.Range(0, services.Length)))
        {
            platform.LinksOf(service).Broker.ResetNewConnectionsAfter(Lifetimes(new Random((seed * 10) + number)));
        }

        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (Stopwatch.GetElapsedTime(started) < CutFor && await pace.WaitForNextTickAsync(Ct))
        {
            registered.Add(await Eventually.Get(() => platform.GivenGuest(), _ => true, Ct));
            await platform.Order(await platform.Code(guest), 1250);
            orders++;
        }

        foreach (var service in services)
        {
            platform.LinksOf(service).Broker.Restore();
            platform.LinksOf(service).Broker.CutConnections();
        }

        var resets = Resets(services) - resetsBefore;
        var lastReset = Stopwatch.GetTimestamp();
        var report = $"seed {seed}: {resets} resets in {CutFor.TotalSeconds} s, {orders} orders and {registered.Count} registrations during them";
        output.WriteLine(report);
        try
        {
            foreach (var newcomer in registered)
            {
                await Eventually.IsTrue(() => HasAccount(newcomer), Ct, Left());
            }

            output.WriteLine($"accounts opened after {Stopwatch.GetElapsedTime(lastReset).TotalSeconds:0.0} s");
            await platform.OrdersAreNotified(guest, orders, Left());
            output.WriteLine($"notified after {Stopwatch.GetElapsedTime(lastReset).TotalSeconds:0.0} s; {Ended()}");
        }
        catch (TimeoutException late)
        {
            Assert.Fail($"{report}; {Ended()}. {late.Message}");
        }
        finally
        {
            await supervised.CancelAsync();
            await supervisors;
        }

        resets.ShouldBeGreaterThan((int)CutFor.TotalSeconds, "connections were made and reset throughout");
        ends.ShouldAllBe(end => end.EndsWith($" {ExitCode.BrokerLost}", StringComparison.Ordinal));

        string Ended() => $"ended by themselves: {string.Join(", ", ends.DefaultIfEmpty("none"))}";

        TimeSpan Left() => RecoveryLimit - Stopwatch.GetElapsedTime(lastReset) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    [Fact]
    public async Task A_broker_outage_ends_no_service()
    {
        ServiceProcess[] services = [platform.Users, platform.Loyalty, platform.Notifications];
        var guest = await platform.GivenGuest();
        await Eventually.IsTrue(() => HasAccount(guest), Ct);
        foreach (var service in services)
        {
            platform.LinksOf(service).Broker.Cut();
        }

        await platform.Order(await platform.Code(guest), 1250);
        using var outage = new PeriodicTimer(CutFor);
        await outage.WaitForNextTickAsync(Ct);
        foreach (var service in services)
        {
            platform.LinksOf(service).Broker.Restore();
        }

        await platform.OrdersAreNotified(guest, orders: 1, PlatformApp.AfterOutage);
        foreach (var service in services)
        {
            await Eventually.Get(() => platform.Broker.Consumers(service.Service, Ct), consumers => consumers == 1, Ct, PlatformApp.AfterOutage);
        }

        services.ShouldAllBe(service => !service.HasExited);
    }

    /// <summary>Most connections break during the handshake, some shortly after.</summary>
    private static Func<TimeSpan> Lifetimes(Random random) =>
        () => TimeSpan.FromMilliseconds(1 + (random.Next(4) == 0 ? random.Next(2000) : random.Next(150)));

    private int Resets(IEnumerable<ServiceProcess> services) => services.Sum(service => platform.LinksOf(service).Broker.Resets);

    private Task<bool> HasAccount(Guest guest) =>
        platform.Database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, guest.Id.Value);

    /// <summary>Like the app host: restarts a process that ended with a code other than 0 after a second.</summary>
    private static async Task KeepRunning(ServiceProcess service, ConcurrentQueue<string> ends, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                if (service.HasExited)
                {
                    ends.Enqueue($"{service.Service} {service.LastExitCode}");
                    await timer.WaitForNextTickAsync(ct);
                    await service.Restart(Ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
