using System.Text.Json;
using Platform.Testing;

namespace Platform.Ops.Tests.Demo;

public sealed class SeedAndResyncTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database, PlatformCommand.NoBroker, PlatformCommand.AllServices);

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create(PlatformCommand.AllServices);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Seed_demo_adds_people_once_and_resync_publishes_them()
    {
        var planned = await PlatformCommand.Run(Settings, "seed-demo", "users", "--dry-run", "--json");
        planned.ExitCode.ShouldBe(0, planned.ToString());
        Counts(planned).ShouldAllBe(part => part.Value == null);
        (await People()).ShouldBe(0);

        var seeded = await PlatformCommand.Run(Settings, "seed-demo", "users", "--json");
        seeded.ExitCode.ShouldBe(0, seeded.ToString());
        Counts(seeded)["guests"].ShouldBe(2_000);
        (await People()).ShouldBeGreaterThanOrEqualTo(2_000);

        var again = await PlatformCommand.Run(Settings, "seed-demo", "users", "--json");
        Counts(again).ShouldAllBe(part => part.Value == 0, again.ToString());
        (await PlatformCommand.Run(Settings, "seed-demo", "users")).Output.ShouldContain("0 guests");

        // No relay runs here, so events stay in the outbox.
        var before = await Outbox();
        var dryRun = Counts(await PlatformCommand.Run(Settings, "resync", "users", "--dry-run", "--json"));
        (await Outbox()).ShouldBe(before);
        var resynced = await PlatformCommand.Run(Settings, "resync", "users", "--json");
        resynced.ExitCode.ShouldBe(0, resynced.ToString());
        dryRun.ShouldBe(Counts(resynced), "a dry run counts the same");
        var published = Counts(resynced)["people"]!.Value;
        published.ShouldBeGreaterThanOrEqualTo(2_000);
        // A registration and an update for each person, and one event for each switch.
        (await Outbox()).ShouldBe(before + (2 * published) + Counts(resynced)["switches"]!.Value);
    }

    [Fact]
    public async Task The_demo_data_of_all_services_passes_verify_and_resync()
    {
        var seeded = await PlatformCommand.Run(Settings, "seed-demo", "--json");
        seeded.ExitCode.ShouldBe(0, seeded.ToString());
        PlatformCommand.AllServices.ShouldAllBe(service => seeded.OutcomeOf(service) == "done");

        var verified = await PlatformCommand.Run(Settings, "verify");
        verified.ExitCode.ShouldBe(0, verified.ToString());
        var resynced = await PlatformCommand.Run(Settings, "resync");
        resynced.ExitCode.ShouldBe(0, resynced.ToString());
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Demo_data_is_refused_outside_development(string environment)
    {
        var refused = await PlatformCommand.Run([.. Settings, new("DOTNET_ENVIRONMENT", environment)], "seed-demo");

        refused.ExitCode.ShouldBe(2, refused.ToString());
        (await People()).ShouldBe(0);
    }

    private Task<long> People() => _database.Scalar<long>("select count(*) from users.users", Ct);

    private Task<long> Outbox() => _database.Scalar<long>("select count(*) from users.outbox", Ct);

    private static Dictionary<string, long?> Counts(CommandOutcome outcome) =>
        outcome.Of("users").GetProperty("result").GetProperty("parts").EnumerateArray().ToDictionary(
            part => part.GetProperty("name").GetString()!,
            part => part.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.Number ? count.GetInt64() : (long?)null);
}
