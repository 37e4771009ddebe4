namespace Platform.Users.Tests.Storage;

public sealed class SeenPhonesMigrationTests(UsersApp app) : IClassFixture<UsersApp>
{
    private const string Before = "20261125030500_IndexPersonText";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_migration_assigns_typed_numbers_to_the_people_who_proved_them()
    {
        await app.First.DisposeAsync();
        (await app.Run("migrate", "rollback", Before)).ShouldBe(0);
        await app.Execute(
            """
            insert into users (id, telegram_id, full_name, phone, phone_verified_at, language, consent_personal_data, is_active, version, created_at, updated_at)
            overriding system value
            select id, id, 'Somebody', phone, proven::timestamptz, 'ru', false, true, 1, '2026-01-01', '2026-01-01'
            from (values
                (701, '+79990000001', '2026-01-02'), (702, '+79990000001', null),
                (703, '+79990000002', null), (704, '+79990000002', '2026-01-04'), (705, '+79990000002', '2026-01-03'),
                (706, '+79990000003', null),
                (707, '+79990000005', '2026-01-01')) person (id, phone, proven);
            insert into seen_phones (phone, user_id, seen_at) values
                ('+79990000001', 701, '2026-01-01'), ('+79990000002', 703, '2026-01-01'), ('+79990000003', 706, '2026-01-01'),
                ('+79990000004', 707, '2026-01-01'), ('+79990000005', 707, '2026-01-01')
            """);

        (await app.Run("migrate")).ShouldBe(0);

        (await app.Database.Column<string>(
            "select concat_ws(' ', phone, user_id, proven_at at time zone 'UTC') from users.seen_phones where user_id between 701 and 707 order by phone", Ct)).ShouldBe(
        [
            "+79990000001 701 2026-01-02 00:00:00",
            // Three people have it; the first to prove it is not the first who typed it.
            "+79990000002 705 2026-01-03 00:00:00",
            "+79990000003 706",
            // For a number that no one has any more it is unknown.
            "+79990000004 707 2026-01-01 00:00:00",
            "+79990000005 707 2026-01-01 00:00:00",
        ]);
        await app.AddsUp();
    }
}
