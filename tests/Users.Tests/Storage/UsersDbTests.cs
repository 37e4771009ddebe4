using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Users.Storage;

namespace Platform.Users.Tests.Storage;

public sealed class UsersDbTests(SharedUsersApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mapped_column_exists()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var entities = scope.ServiceProvider.GetRequiredService<UsersDb>().Model.GetEntityTypes().ToList();

        entities.Count.ShouldBeGreaterThanOrEqualTo(9);
        foreach (var entity in entities)
        {
            var columns = entity.GetProperties().Select(property => $"\"{property.GetColumnName()}\"");
            await app.Execute($"select {string.Join(", ", columns)} from {entity.GetTableName()} limit 0");
        }
    }

    [Theory]
    [InlineData("telegram_id = 0")]
    [InlineData("telegram_id = null")]
    [InlineData("full_name = ''")]
    [InlineData("full_name = repeat('a', 256)")]
    [InlineData("username = ''")]
    [InlineData("username = repeat('a', 256)")]
    [InlineData("phone = '89991234567'")]
    [InlineData("phone = '+0991234567'")]
    [InlineData("phone = '+7 999'")]
    [InlineData("phone = null, phone_verified_at = created_at")]
    [InlineData("email = 'nobody'")]
    [InlineData("city = ''")]
    [InlineData("city = repeat('a', 101)")]
    [InlineData("birth_date = '1899-12-31'")]
    [InlineData("birth_date = '2999-01-01'")]
    [InlineData("language = 'de'")]
    [InlineData("consent_at = null")]
    [InlineData("consent_by = null")]
    [InlineData("consent_text = null")]
    [InlineData("consent_through = null")]
    [InlineData("blocked_at = created_at")]
    [InlineData("version = 0")]
    [InlineData("updated_at = created_at - interval '1 second'")]
    public async Task The_database_refuses_an_invalid_person(string change)
    {
        var person = await app.GivenPerson();

        var refused = await Should.ThrowAsync<PostgresException>(() => app.Execute($"update users set {change} where id = {person.UserId}"));

        refused.SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
    }

    [Theory]
    [InlineData("insert into staff (telegram_id, full_name, role, added_at) values (1, 'x', 'client', now())")]
    [InlineData("insert into staff (telegram_id, full_name, role, added_at, removed_at) values (1, 'x', 'staff', now(), now() - interval '1 day')")]
    [InlineData("insert into bot_keys (name, key_hash, highest_role, created_at, changed_at) values ('x', sha256('x'), 'admin', now(), now())")]
    [InlineData("insert into bot_keys (name, key_hash, highest_role, created_at, changed_at) values ('x', 'readable', 'staff', now(), now())")]
    [InlineData("insert into token_families (id, created_at) values (gen_random_uuid(), now())")]
    [InlineData("insert into token_families (id, bot_key_id, created_at) select gen_random_uuid(), id, now() from bot_keys limit 1")]
    [InlineData("insert into token_families (id, telegram_id, email, created_at) values (gen_random_uuid(), 1, 'anna@example.com', now())")]
    [InlineData("insert into token_families (id, email, created_at) values (gen_random_uuid(), 'Anna@example.com', now())")]
    [InlineData("insert into mailed_codes (request_hash, email_hash, salt, code_hash, tried, expires_at) values (sha256('x'), sha256('x'), 'salt', sha256('x'), 0, now())")]
    [InlineData("insert into mailed_codes (request_hash, email_hash, salt, code_hash, tried, expires_at) values (sha256('x'), sha256('x'), uuid_send(gen_random_uuid()), sha256('x'), 6, now())")]
    [InlineData("insert into used_init_data (hash, signed_at) values ('readable', now())")]
    [InlineData("update token_families set revoked_at = now()")]
    public async Task The_database_refuses_invalid_staff_keys_codes_and_token_families(string sql)
    {
        (await Should.ThrowAsync<PostgresException>(() => app.Execute(sql))).SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
    }

    [Fact]
    public async Task Each_of_2500_people_gets_a_referral_code_of_their_own()
    {
        await app.Execute(
            """
            insert into users (telegram_id, full_name, language, consent_personal_data, is_active, version, created_at, updated_at)
            select 5000000 + n, 'With a code', 'ru', false, true, 1, '2026-01-01', '2026-01-01' from generate_series(1, 2500) n
            """);

        (await app.Count("select count(distinct referral_code) from users where full_name = 'With a code'")).ShouldBe(2500);
        (await app.Count("select count(*) from users where referral_code !~ '^[0-9A-HJKMNP-TV-Z]{8}$'")).ShouldBe(0);
    }

    [Fact]
    public async Task The_database_allows_one_unused_token_per_family()
    {
        var refused = await Should.ThrowAsync<PostgresException>(() => app.Execute(
            """
            insert into refresh_tokens (hash, family_id, issued_at, expires_at)
            select sha256('another'), family_id, issued_at, expires_at from refresh_tokens where used_at is null limit 1
            """));

        refused.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
    }

    [Theory]
    [InlineData("update audit set action = 'x.y'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    [InlineData("update platform.keys set xml = ''")]
    [InlineData("delete from platform.keys")]
    [InlineData("drop table users")]
    [InlineData("create table more (id int)")]
    public async Task The_service_role_lacks_dangerous_permissions(string sql)
    {
        await using var database = NpgsqlDataSource.Create(app.Database.Service("users"));
        await using var command = database.CreateCommand(sql);

        var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }
}
