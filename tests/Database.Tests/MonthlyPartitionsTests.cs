using Npgsql;

namespace Platform.Database.Tests;

public sealed class MonthlyPartitionsTests(ShopDatabase database) : IClassFixture<ShopDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset LastOfJanuary = new(2028, 1, 31, 23, 59, 59, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.Empty();
        await database.AsOwner("create table history (id bigint generated always as identity, at timestamptz not null, text text not null default 'x', primary key (id, at)) partition by range (at)");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Partitions_exist_for_this_month_and_the_next_twelve_and_a_default()
    {
        await Make(LastOfJanuary);
        await Make(LastOfJanuary);

        (await Partitions()).ShouldBe([.. Enumerable.Range(0, 12).Select(month => $"history_2028_{month + 1:00}"), "history_2029_01", "history_default"]);
        (await PartitionOf("2028-01-31 23:59:59.999Z")).ShouldBe("history_2028_01");
        (await PartitionOf("2028-02-01 00:00Z")).ShouldBe("history_2028_02");
        (await PartitionOf("2028-02-29 12:00Z")).ShouldBe("history_2028_02");
        (await PartitionOf("2029-02-01 00:00Z")).ShouldBe("history_default");
        (await PartitionOf("2027-12-31 23:59Z")).ShouldBe("history_default");
    }

    [Fact]
    public async Task Rows_in_the_default_partition_move_to_a_new_monthly_partition()
    {
        await Make(LastOfJanuary);
        await database.AsService("insert into history (at) values ('2029-02-01 00:00Z'), ('2029-02-28 23:59:59Z'), ('2029-03-01 00:00Z')");

        await Make(LastOfJanuary.AddMonths(1));

        (await database.Read<long>("select count(*) from history_2029_02")).ShouldBe(2);
        (await database.Read<long>("select count(*) from history_default")).ShouldBe(1);
        (await database.Read<long>("select count(distinct id) from history")).ShouldBe(3);
    }

    [Fact]
    public async Task Partitions_of_missed_months_are_created()
    {
        await Make(LastOfJanuary);

        await Make(LastOfJanuary.AddYears(2));

        (await PartitionOf("2030-06-15 00:00Z")).ShouldBe("history_2030_06");
    }

    [Fact]
    public async Task The_service_role_has_no_direct_rights_on_partitions()
    {
        await Make(LastOfJanuary);
        await database.AsOwner("revoke update, delete, truncate on history from shop");

        await database.AsService("insert into history (at) values ('2028-01-01 00:00Z')");
        foreach (var change in new[] { "delete from history", "delete from history_2028_01", "update history_default set text = ''" })
        {
            (await database.AsService(change).ShouldThrowAsync<PostgresException>()).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    private async Task Make(DateTimeOffset now)
    {
        await using var owner = NpgsqlDataSource.Create(database.As("shop_owner"));
        await MonthlyPartitions.Make(owner, "history", now, Ct);
    }

    private async Task<IEnumerable<string>> Partitions() =>
        await database.Read<string[]>(
            "select array_agg(inhrelid::regclass::text order by inhrelid::regclass::text) from pg_inherits where inhparent = 'history'::regclass");

    private async Task<string> PartitionOf(string at)
    {
        await using var connection = await database.Open("shop_owner");
        await using var command = new NpgsqlCommand($"insert into history (at) values ('{at}') returning tableoid::regclass::text", connection);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }
}
