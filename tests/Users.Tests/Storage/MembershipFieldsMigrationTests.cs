using System.Globalization;
using Npgsql;

namespace Platform.Users.Tests.Storage;

/// <summary>
/// Adds the membership fields to a database in use: 100 000 people, while the previous release keeps registering and changing people
/// without waiting for the migrations.
/// </summary>
public sealed class MembershipFieldsMigrationTests(UsersApp app) : IClassFixture<UsersApp>
{
    private const int People = 100_000;
    private const int Erased = 1_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private const string Before = "20261121010100_CreateUsers";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_membership_migration_runs_beside_registrations_and_rolls_back()
    {
        await app.First.DisposeAsync();
        (await app.Run("migrate", "rollback", Before)).ShouldBe(0);
        var schemaBefore = await Columns();
        await app.Execute($"""
            insert into users (telegram_id, full_name, phone, language, consent_personal_data, is_active, version, created_at, updated_at)
            select n, 'Guest ' || n, '+7' || (9000000000 + n), 'ru', false, true, 1, '2026-01-01', '2026-01-01' from generate_series(1, {People}) n;
            insert into users (full_name, language, consent_personal_data, is_active, version, created_at, updated_at, erased_at)
            select '', 'ru', false, false, 2, '2026-01-01', '2026-01-02', '2026-01-02' from generate_series(1, {Erased});
            analyze users
            """);

        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(1, 4).Select(writer => Write(writer, done.Token)).ToArray();
        (await app.Run("migrate")).ShouldBe(0);
        await done.CancelAsync();
        var written = await Task.WhenAll(writers);

        written.ShouldAllBe(writer => writer.Registered > 0 && writer.LongestCall < LongestWait);
        var registered = written.Sum(writer => writer.Registered);
        (await app.Count("select count(*) from users")).ShouldBe(People + Erased + registered);
        (await app.Count("select count(*) from users where consent_withdrawn_at = erased_at")).ShouldBe(Erased);
        // Checks carried over from the previous system.
        (await app.Count("select count(*) from users where membership_type <> 'free' or member_id is not null or membership_expires is not null")).ShouldBe(0);
        (await app.Count("select count(*) from users where member_id is not null and length(member_id) <> 12")).ShouldBe(0);
        (await app.Count("select count(*) from pg_indexes where schemaname = 'users' and indexname = 'ix_users_member_id' and indexdef like 'CREATE UNIQUE INDEX%'")).ShouldBe(1);
        (await app.Row("select data_type, is_nullable from information_schema.columns where table_schema = 'users' and table_name = 'users' and column_name = 'membership_type'"))
            .Values.ShouldBe(["character varying", "NO"]);

        (await app.Run("migrate", "rollback", Before)).ShouldBe(0);

        (await Columns()).ShouldBe(schemaBefore);
        (await app.Count("select count(*) from users")).ShouldBe(People + Erased + registered);
    }

    /// <summary>A replica of the previous release, without membership: registers and changes people.</summary>
    /// <returns>How many people it registered, and the longest wait.</returns>
    private async Task<(long Registered, TimeSpan LongestCall)> Write(int writer, CancellationToken stop)
    {
        var telegramId = writer * 10_000_000L;
        var longest = TimeSpan.Zero;
        await using var source = NpgsqlDataSource.Create(app.Database.Service("users"));
        while (!stop.IsCancellationRequested)
        {
            await using var batch = source.CreateBatch();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"""
                insert into users (telegram_id, full_name, language, consent_personal_data, is_active, version, created_at, updated_at)
                values ({++telegramId}, 'A newcomer', 'ru', false, true, 1, '2026-01-02', '2026-01-02')
                """)));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture,
                $"update users set city = 'Казань', version = version + 1 where telegram_id = {(telegramId * 7919 % People) + 1}")));
            var called = TimeProvider.System.GetTimestamp();
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
            var took = TimeProvider.System.GetElapsedTime(called);
            longest = took > longest ? took : longest;
        }

        return (telegramId - (writer * 10_000_000L), longest);
    }

    private Task<IReadOnlyList<string>> Columns() => app.Database.Column<string>(
        """
        select format('%s %s %s %s', column_name, data_type, is_nullable, column_default) from information_schema.columns where table_schema = 'users' and table_name = 'users'
        union all
        select format('%s %s', conname, pg_get_constraintdef(oid)) from pg_constraint where conrelid = 'users.users'::regclass
        union all
        select indexdef from pg_indexes where schemaname = 'users' and tablename = 'users'
        order by 1
        """, Ct);
}
