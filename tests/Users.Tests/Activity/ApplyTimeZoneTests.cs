namespace Platform.Users.Tests.Activity;

public sealed class ApplyTimeZoneTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_time_zone_applies_from_the_next_start()
    {
        var person = await app.GivenPerson();
        await app.Execute($"update users set created_at = '2025-03-10T20:00:00Z' where id = {person.UserId}");
        (await RegisteredOn(person)).ShouldBe("2025-03-10");

        await using (await app.Start(new KeyValuePair<string, string>("TIME_ZONE", "Asia/Vladivostok")))
        {
            (await RegisteredOn(person)).ShouldBe("2025-03-11");
        }

        await using var back = await app.Start();
        (await RegisteredOn(person)).ShouldBe("2025-03-10");
        (await app.Count("select count(*) from calendar")).ShouldBe(1);
    }

    [Fact]
    public async Task The_database_allows_one_calendar_row() =>
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => app.Execute("insert into calendar (time_zone, one_row) values ('UTC', false)")))
        .SqlState.ShouldBe(Npgsql.PostgresErrorCodes.CheckViolation);

    private Task<string?> RegisteredOn(Person person) =>
        app.Database.Scalar<string>($"select registered_on::text from users.user_cohorts_basic where user_id = {person.UserId}", Ct);
}
