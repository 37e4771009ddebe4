using Platform.Testing;

namespace Platform.Ops.Tests.Messages;

/// <summary>Updates that no bot could read, as the operator sees them.</summary>
public sealed class UpdatesTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database, PlatformCommand.NoBroker, "bots");

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create("bots");

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Unreadable_updates_are_listed_without_content_and_discarded_by_id_or_all()
    {
        Guid[] ids = [await GivenQuarantined(7), await GivenQuarantined(8), await GivenQuarantined(9)];

        var listed = await PlatformCommand.Run(Settings, "messages", "updates", "list");
        var discarded = await PlatformCommand.Run(Settings, "messages", "updates", "discard", ids[1].ToString());
        var left = await PlatformCommand.Run(Settings, "messages", "updates", "list", "--json");
        var unknown = await PlatformCommand.Run(Settings, "messages", "updates", "discard", ids[1].ToString());
        var all = await PlatformCommand.Run(Settings, "messages", "updates", "discard", "--all");

        listed.ExitCode.ShouldBe(0, listed.ToString());
        ids.ShouldAllBe(id => listed.Output.Contains(id.ToString()), listed.Output);
        listed.Output.ShouldContain("update 8 of the client bot, 10 bytes");
        listed.Output.ShouldContain("JsonException");
        listed.Output.ShouldNotContain("a secret");
        discarded.ExitCode.ShouldBe(0, discarded.ToString());
        discarded.Output.ShouldContain("discarded 1");
        left.Of("bots").GetProperty("result").GetProperty("messages").EnumerateArray()
            .Select(update => update.GetProperty("id").GetGuid()).ShouldBe([ids[0], ids[2]]);
        unknown.ExitCode.ShouldBe(1, unknown.ToString());
        unknown.Errors.ShouldContain($"No quarantined message has the id {ids[1]}");
        all.ExitCode.ShouldBe(0, all.ToString());
        (await _database.Scalar<long>("select count(*) from bots.quarantined_updates", Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task Discarding_updates_needs_ids_or_all()
    {
        await GivenQuarantined(7);

        var discarded = await PlatformCommand.Run(Settings, "messages", "updates", "discard");

        discarded.ExitCode.ShouldBe(2, discarded.ToString());
        (await _database.Scalar<long>("select count(*) from bots.quarantined_updates", Ct)).ShouldBe(1);
    }

    private async Task<Guid> GivenQuarantined(long update)
    {
        var id = Guid.NewGuid();
        await _database.Execute(
            """
            insert into bots.quarantined_updates (id, bot, update_id, telegram_id, content, reason, received_at)
            values ($1, 'client', $2, 5, '"a secret"', 'JsonException', timestamptz '2026-11-28 12:00Z' + $2 * interval '1 second')
            """, Ct, id, update);
        return id;
    }
}
