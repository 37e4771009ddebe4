using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Platform.Billing.Tests.Storage;

/// <summary>The most frequent queries use an index and one partition, on tables with many rows.</summary>
public sealed partial class HotQueriesTests(BillingApp app) : IClassFixture<BillingApp>, IAsyncLifetime
{
    private const int People = 20_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly StringBuilder _plans = new();
    private NpgsqlConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        if (await app.Database.Scalar<long>("select count(*) from billing.user_balances", Ct) < People)
        {
            await Fill();
        }

        // Reports the plan of every statement, including those inside functions.
        _connection = await app.Database.Open(app.Database.Superuser).OpenConnectionAsync(Ct);
        _connection.Notice += (_, notice) => _plans.AppendLine(notice.Notice.MessageText);
        await Execute("""
            load 'auto_explain';
            set auto_explain.log_min_duration = 0;
            set auto_explain.log_nested_statements = on;
            set auto_explain.log_level = notice;
            set search_path = billing;
            """);
    }

    private Task<int> Fill() => app.Database.Execute(
        $"""
        set search_path = billing;
        insert into user_balances (user_id, balance, total_spent, created_at, updated_at)
        select person, 45, 5, '2026-01-15', '2026-01-15' from generate_series(1000000, 1000000 + {People}) person;
        insert into subscriptions (user_id, plan, period_start, period_end)
        select user_id, 'free', '2026-01-15', '2026-02-15' from user_balances;
        insert into credit_transactions (user_id, kind, change, contra, operation, balance_after, idempotency_key, request_hash, created_at)
        select user_id, 'debit', -1, 'usage', 'x', 50 - number, 'filled-' || number, '', '2026-01-15'
        from user_balances, generate_series(1, 5) number;
        insert into operations (name, price) select 'operation ' || number, 1 from generate_series(1, 2000) number;
        analyze;
        """, Ct);

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    [Theory]
    [InlineData("select * from deduct_credits(1000017, 1, 'operation 17', '{}', null, false, 5, 'new', '', '2026-01-16')", "deducted")]
    [InlineData("select * from deduct_credits(1000017, 1, 'operation 17', '{}', null, false, 5, null, null, '2026-01-16')", "deducted")]
    [InlineData("select * from deduct_credits(1000017, 1, 'operation 17', '{}', null, false, 5, 'filled-3', '', '2026-01-16')", "repeated")]
    [InlineData("select * from deduct_credits(1000017, 9000, 'x', '{}', null, true, 5, 'newer', '', '2026-01-16')", "insufficient_credits")]
    public async Task A_deduction_reads_by_index_only(string sql, string outcome)
    {
        // Often enough for the server to consider a generic plan.
        for (var i = 0; i < 8; i++)
        {
            await using var transaction = await _connection.BeginTransactionAsync(Ct);
            (await Execute(sql)).ShouldBe(outcome);
            await transaction.RollbackAsync(Ct);
        }

        ShouldReadByIndex(statements: 2);
    }

    [Theory]
    [InlineData("select balance, total_spent, erased_at from user_balances where user_id = 1000017")]
    [InlineData("select * from credit_transactions where user_id = 1000017 order by id desc limit 51")]
    [InlineData("select * from credit_transactions where user_id = 1000017 and id < 5000 order by id desc limit 51")]
    [InlineData("select * from subscriptions s join plans p on p.key = s.plan where s.user_id = 1000017")]
    [InlineData("select grant_start_credits(1000017, 50, 'start_credits', '2026-01-16')")]
    [InlineData("select erase_account(1000017, '2026-01-16')")]
    public async Task Queries_about_one_person_use_an_index(string sql)
    {
        await using var transaction = await _connection.BeginTransactionAsync(Ct);
        await Execute(sql);
        await transaction.RollbackAsync(Ct);

        ShouldReadByIndex(statements: 1);
    }

    [Fact]
    public async Task A_sequential_scan_is_detected()
    {
        await Execute("select count(*) from credit_transactions where operation = 'y'");

        Should.Throw<ShouldAssertException>(() => ShouldReadByIndex(statements: 1));
    }

    private void ShouldReadByIndex(int statements)
    {
        var plans = _plans.ToString();
        Regex.Count(plans, "Query Text:").ShouldBeGreaterThanOrEqualTo(statements, "Found too few plans: this test would prove nothing.");
        // The table of plans has three rows, so a sequential scan is right.
        Scanned().Matches(plans).Select(match => match.Value).Where(scan => !scan.EndsWith(" plans", StringComparison.Ordinal)).ShouldBeEmpty(plans);
    }

    private async Task<object?> Execute(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    [GeneratedRegex(@"Seq Scan on \S+")]
    private static partial Regex Scanned();
}
