using Platform.Testing;

namespace Platform.Notifications.Tests.Storage;

public sealed class VerbsTests(NotificationsApp app) : IClassFixture<NotificationsApp>
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task All_migrations_can_be_rolled_back_and_applied_again()
    {
        // Needs its own database, since the service uses that of the class.
        await using var database = await TestDatabase.Create("notifications");
        var tables = await Tables(database);
        tables.ShouldContain("notifications");
        tables.ShouldContain("notifications_default");

        (await Run(database, "migrate", "rollback", "0")).ExitCode.ShouldBe(0);
        (await Tables(database)).ShouldBe(["__migrations"]);
        var again = await Run(database, "migrate");
        again.ExitCode.ShouldBe(0, again.Output);
        (await Tables(database)).ShouldBe(tables);
    }

    [Fact]
    public async Task Verify_reports_a_duplicate_notification()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Order(user));
        (await Run(app.Database, "verify")).ExitCode.ShouldBe(0);

        await app.Execute($"""
            insert into notifications (user_id, category, template, source, parameters, status, created_at)
            select user_id, category, template, source, parameters, status, created_at + interval '1 second' from notifications where user_id = {user}
            """);
        var verified = await Run(app.Database, "verify");
        await app.Execute($"delete from queue where user_id = {user}; delete from notifications where user_id = {user}");

        verified.ExitCode.ShouldBe(3, verified.Output);
        verified.Output.ShouldContain($"{user}");
    }

    [Fact]
    public async Task Verify_reports_a_queued_notification_that_is_missing_from_the_queue()
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Order(user));
        await app.Execute($"delete from queue where user_id = {user}");

        var verified = await Run(app.Database, "verify");
        await app.Execute($"delete from notifications where user_id = {user}");

        verified.ExitCode.ShouldBe(3, verified.Output);
        verified.Output.ShouldContain("in the queue");
    }

    private Task<ProcessOutcome> Run(TestDatabase database, params string[] words) => ServiceProcess.Run(
        Repository.Program("Notifications"),
        words,
        new Dictionary<string, string>
        {
            ["ConnectionStrings:database"] = database.Service("notifications"),
            ["ConnectionStrings:owner"] = database.Owner("notifications"),
            ["ConnectionStrings:rabbitmq"] = app.Broker.Address.ToString(),
        },
        Within);

    private static Task<IReadOnlyList<string>> Tables(TestDatabase database) => database.Column<string>(
        "select tablename::text from pg_tables where schemaname = 'notifications' order by 1", TestContext.Current.CancellationToken);
}
