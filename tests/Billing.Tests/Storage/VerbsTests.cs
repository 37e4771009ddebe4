using Npgsql;
using Platform.Billing.Credits;
using Platform.Billing.Plans;
using Platform.Testing;

namespace Platform.Billing.Tests.Storage;

public sealed class VerbsTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_migrations_can_be_rolled_back_and_applied_again()
    {
        // Needs its own database, since the service uses that of the class.
        await using var database = await TestDatabase.Create("billing");
        var before = await Catalog(database);
        before.Count.ShouldBeGreaterThan(50);

        (await app.Run(database, "migrate", "rollback", "0")).ExitCode.ShouldBe(0);
        (await Catalog(database)).ShouldBeEmpty();
        var again = await app.Run(database, "migrate");

        again.ExitCode.ShouldBe(0, again.Output);
        (await Catalog(database)).ShouldBe(before);
    }

    [Theory]
    [InlineData("update billing.user_balances set balance = balance + 1 where user_id = $1", "balances are the sum of their transactions")]
    [InlineData("update billing.user_balances set total_spent = total_spent + 1 where user_id = $1", "total spent is the sum of the debits")]
    [InlineData("update billing.credit_transactions set balance_after = balance_after + 1 where user_id = $1 and kind = 'grant'",
        "continues the balance before it")]
    [InlineData("update billing.credit_transactions set change = change - 1 where user_id = $1 and kind = 'debit'", "all transfers together sum to zero")]
    [InlineData("delete from billing.credit_transactions where user_id = $1 and kind = 'debit'", "balances are the sum of their transactions")]
    public async Task Verify_reports_an_edited_ledger_with_the_check_and_the_person(string edit, string check)
    {
        await using var database = await TestDatabase.Create("billing");
        await database.Execute(
            """
            set search_path = billing;
            select open_account(17, 50, '2026-01-15');
            select * from deduct_credits(17, 5.50, 'x', null, null, true, 5, null, null, '2026-01-15');
            """, Ct);
        (await app.Run(database, "verify")).ExitCode.ShouldBe(0);

        await database.Execute(edit, Ct, 17L);
        var verified = await app.Run(database, "verify");

        verified.ExitCode.ShouldBe(3, verified.Output);
        verified.Output.ShouldMatch($"DIFFERS [^\n]*{check}");
        verified.Output.ShouldContain("17");
    }

    [Fact]
    public async Task Verify_reports_a_ledger_row_without_a_balance()
    {
        await using var database = await TestDatabase.Create("billing");
        await database.Execute(
            """
            insert into billing.credit_transactions (user_id, kind, change, contra, operation, balance_after, created_at)
            values (17, 'grant', 50, 'promotions', 'start_credits', 50, '2026-01-15')
            """, Ct);

        (await app.Run(database, "verify")).ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task Migrate_writes_the_plans_of_this_release()
    {
        await using var database = await TestDatabase.Create("billing");
        await database.Execute("delete from billing.plans where key = 'pro'; update billing.plans set letters_per_period = 7, price = 1", Ct);

        (await app.Run(database, "migrate")).ExitCode.ShouldBe(0);

        (await database.Column<string>("select format('%s %s %s', key, price, letters_per_period) from billing.plans order by rank", Ct))
            .ShouldBe(Plan.All.Select(plan => $"{plan.Key} {plan.Price} {plan.LettersPerPeriod}"));
    }

    [Fact]
    public async Task No_account_is_opened_before_there_are_plans()
    {
        await using var database = await TestDatabase.Create("billing");
        await database.Execute("delete from billing.plans", Ct);

        await Should.ThrowAsync<PostgresException>(() => database.Execute("set search_path = billing; select open_account(17, 0, '2026-01-15')", Ct));

        (await database.Scalar<long>("select count(*) from billing.user_balances", Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task The_table_of_balances_checks_the_overdraft_limit()
    {
        await using var database = await TestDatabase.Create("billing");
        await database.Execute("set search_path = billing; select open_account(17, 0, '2026-01-15')", Ct);

        await database.Execute($"update billing.user_balances set balance = -{Overdraft.Limit}", Ct);
        var refused = await Should.ThrowAsync<PostgresException>(
            () => database.Execute("update billing.user_balances set balance = balance - 0.01", Ct));

        refused.SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
    }

    [Fact]
    public async Task The_service_role_cannot_change_ledger_rows()
    {
        await using var command = app.Database.Open(app.Database.Service("billing")).CreateCommand("update credit_transactions set change = 1000");

        (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct))).SqlState.ShouldBe("42501");
    }

    [Fact]
    public async Task Demo_data_is_the_same_each_time_and_added_once()
    {
        await using var database = await TestDatabase.Create("billing");
        await using var other = await TestDatabase.Create("billing");

        var first = await app.Run(database, "seed-demo");
        var books = await Books(database);
        var again = await app.Run(database, "seed-demo");
        await app.Run(other, "seed-demo");

        first.ExitCode.ShouldBe(0, first.Output);
        books.Count.ShouldBeGreaterThan(100);
        again.Output.ShouldContain("rate card and deductions: 0 added");
        (await Books(database)).ShouldBe(books);
        (await Books(other)).ShouldBe(books);
        (await app.Run(database, "verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Demo_data_does_not_change_an_existing_rate_card()
    {
        await using var database = await TestDatabase.Create("billing");
        await database.Execute("insert into billing.operations (name, price) values ('Консультация', 300)", Ct);

        (await app.Run(database, "seed-demo")).ExitCode.ShouldBe(0);

        (await database.Column<string>("select name from billing.operations", Ct)).ShouldBe(["Консультация"]);
    }

    private static Task<IReadOnlyList<string>> Books(TestDatabase database) => database.Column<string>(
        "select format('%s %s %s %s', user_id, operation, change, balance_after) from billing.credit_transactions order by user_id, id", Ct);

    private static Task<IReadOnlyList<string>> Catalog(TestDatabase database) => database.Column<string>(
        """
        select format('%s.%s %s %s', table_name, column_name, data_type, is_nullable) as thing
        from information_schema.columns where table_schema = 'billing' and table_name <> '__migrations'
        union all
        select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
        where connamespace = 'billing'::regnamespace and conrelid::regclass::text not like '%\_\_migrations'
        union all
        select indexdef from pg_indexes where schemaname = 'billing' and tablename <> '__migrations'
        union all
        select format('%s %s', oid::regclass, relacl) from pg_class
        where relnamespace = 'billing'::regnamespace and relkind in ('r', 'p') and relname <> '__migrations'
        union all
        select pg_get_functiondef(oid) from pg_proc where pronamespace = 'billing'::regnamespace
        order by thing
        """, Ct);
}
