using Platform.Testing;

namespace Platform.Ops.Tests.Migrate;

public sealed class RollbackOfFactsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database, PlatformCommand.NoBroker, PlatformCommand.AllServices);

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create(PlatformCommand.AllServices);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("billing", "0", "3 rows of credit_transactions", """
        set search_path = billing;
        select open_account(17, 50, '2026-01-15');
        insert into billing.credit_transactions (user_id, kind, change, contra, operation, balance_after, created_at)
        select 17, 'debit', -1, 'usage', 'x', 49, '2026-01-16' from generate_series(1, 2)
        """)]
    [InlineData("loyalty", "20261121100000_CreatePlatformTables", "1 row of refunds", """
        insert into loyalty.accounts (user_id, level, level_since, opened_at) values (17, 'standard', '2026-01-15', '2026-01-15');
        insert into loyalty.orders (user_id, staff_id, code, amount, paid, points_earned, points_spent, balance_after, level_before, level_after,
            roubles_per_point, placed_at)
        values (17, 1, '123456', 100, 100, 1, 0, 1, 'standard', 'standard', 100, '2026-01-15');
        insert into loyalty.refunds (order_id, user_id, staff_id, amount, refunded_total, points_taken_back, points_returned, balance_after, debt_after,
            level_before, level_after, refunded_at)
        select id, 17, 1, 10, 10, 0, 0, 1, 0, 'standard', 'standard', '2026-01-15' from loyalty.orders
        """)]
    [InlineData("users", "20261125010200_ValidateMembership", "1 row of member_ids",
        "insert into users.member_ids (member_id, user_id, issued_at) values ('MNT-0123ABCD', 17, '2026-01-15')")]
    [InlineData("users", "20261125010300_AddMembershipPeriods", "1 row of users.consent_withdrawn_at", """
        insert into users.users (telegram_id, full_name, language, consent_personal_data, is_active, version, created_at, updated_at, consent_withdrawn_at)
        values (17, 'Anna', 'ru', false, true, 1, '2026-01-01', '2026-01-01', '2026-01-02')
        """)]
    [InlineData("users", "0", "1 row of users (20261121010100_CreateUsers)", """
        insert into users.users (full_name, language, consent_personal_data, is_active, version, created_at, updated_at, erased_at)
        values ('', 'ru', false, false, 2, '2026-01-01', '2026-01-02', '2026-01-02')
        """)]
    public async Task A_rollback_that_would_lose_facts_is_refused_and_counts_them(string service, string to, string lost, string facts)
    {
        await _database.Execute(facts, Ct);

        var refused = await PlatformCommand.Run(Settings, "migrate", "rollback", service, "--to", to);
        var dryRun = await PlatformCommand.Run(Settings, "migrate", "rollback", service, "--to", to, "--dry-run", "--json");

        refused.ExitCode.ShouldBe(2, refused.ToString());
        refused.Output.ShouldBeEmpty();
        refused.Errors.ShouldContain(lost);
        refused.Errors.ShouldContain("Nothing was changed.");
        dryRun.ExitCode.ShouldBe(2, dryRun.ToString());
        dryRun.Of(service).GetProperty("error").GetString()!.ShouldContain(lost);
        (await PlatformCommand.Run(Settings, "migrate", "status", service)).ExitCode.ShouldBe(0, "nothing was rolled back");
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task A_rollback_outside_development_needs_the_name_of_the_database(string environment)
    {
        KeyValuePair<string, string>[] settings = [.. Settings, new("DOTNET_ENVIRONMENT", environment)];

        var unnamed = await PlatformCommand.Run(settings, "migrate", "rollback", "courses", "--json");
        var wrong = await PlatformCommand.Run(settings, "migrate", "rollback", "courses", "--yes", "another");

        unnamed.ExitCode.ShouldBe(2, unnamed.ToString());
        unnamed.Json.GetProperty("error").GetString()!.ShouldContain("--yes");
        unnamed.Errors.TrimEnd('\n').Split('\n').Length.ShouldBe(1, unnamed.Errors);
        wrong.ExitCode.ShouldBe(2, wrong.ToString());
        (await PlatformCommand.Run(Settings, "migrate", "status", "courses")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_migration_is_reported_in_one_short_line()
    {
        var unknown = await PlatformCommand.Run(Settings, "migrate", "rollback", "users", "--to", "9999");

        unknown.ExitCode.ShouldBe(2, unknown.ToString());
        unknown.Output.ShouldBeEmpty();
        unknown.Errors.ShouldContain("users: No applied migration is called 9999.");
        unknown.Errors.Split('\n').ShouldAllBe(line => line.Length < 160);
    }
}
