using Platform.Bots.Conversations;

namespace Platform.Bots.Tests.Conversations;

public sealed class PurgeOldUpdatesTests(BotsApp app) : IClassFixture<BotsApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failed_updates_are_deleted_after_a_day_and_quarantined_ones_after_two_weeks()
    {
        await GivenFailed(person: 1, hoursAgo: 25);
        await GivenFailed(person: 2, hoursAgo: 23);
        await GivenQuarantined(person: 1, hoursAgo: (14 * 24) + 1);
        await GivenQuarantined(person: 2, hoursAgo: (14 * 24) - 1);

        await ActivatorUtilities.CreateInstance<PurgeOldUpdates>(app.Services).Run(Ct);

        (await app.Database.Column<long>("select telegram_id from bots.chats where failed_update is not null", Ct)).ShouldBe([2]);
        (await app.Database.Column<long>("select telegram_id from bots.chats order by telegram_id", Ct)).ShouldBe([1, 2]);
        (await app.Database.Column<long>("select telegram_id from bots.quarantined_updates", Ct)).ShouldBe([2]);
    }

    private Task<int> GivenFailed(long person, int hoursAgo) => app.Database.Execute(
        "insert into bots.chats (bot, telegram_id, language, failed_update, started_at, updated_at) values ('client', $1, 'ru', '{\"update_id\":1}', $2, $2)",
        Ct, person, app.Clock.GetUtcNow().AddHours(-hoursAgo));

    private Task<int> GivenQuarantined(long person, int hoursAgo) => app.Database.Execute(
        "insert into bots.quarantined_updates (id, bot, update_id, telegram_id, content, reason, received_at) values (gen_random_uuid(), 'client', $1, $1, '{', 'JsonException', $2)",
        Ct, person, app.Clock.GetUtcNow().AddHours(-hoursAgo));
}
