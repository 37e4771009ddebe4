using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Tests.Accounts;

/// <summary>Has its own service, since it adds entries that no account knows of.</summary>
public sealed class EntryPagesTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_reads_as_many_rows_of_the_primary_key_as_it_shows_however_long_the_ledger_is()
    {
        var guest = await app.GivenGuest();
        await app.Database.Execute(
            """
            insert into loyalty.point_entries (user_id, delta, reason, source_id, balance_after, created_at)
            select $1, 1, 'earn', 'order:' || n, n, $2 from generate_series(1, 20000) n
            """,
            Ct, guest.Value, app.Clock.GetUtcNow());
        await app.Database.Execute("vacuum analyze loyalty.point_entries", Ct);
        var middle = await app.Database.Scalar<long>("select min(id) + 10000 from loyalty.point_entries where user_id = $1", Ct, guest.Value);

        var plan = await Plan(guest, new PointEntryId(middle));

        plan.ShouldContain("Index Scan Backward");
        plan.ShouldContain("rows=51 ");
        plan.ShouldNotContain("Sort");
        plan.ShouldNotContain("Seq Scan");
        plan.ShouldNotContain("Filter");
    }

    private async Task<string> Plan(UserId guest, PointEntryId after)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<LoyaltyDb>();
        var newestFirst = db.Set<PointEntry>().Where(entry => entry.UserId == guest).OrderByDescending(entry => entry.Id);
        await using var command = ListEntries.Page(newestFirst, after, limit: 51).CreateDbCommand();
        command.CommandText = $"explain (analyze, costs off, timing off) {command.CommandText}";
        await db.Database.OpenConnectionAsync(Ct);
        await using var rows = await command.ExecuteReaderAsync(Ct);
        List<string> lines = [];
        while (await rows.ReadAsync(Ct))
        {
            lines.Add(rows.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
