using System.Net;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.Contracts.Bots;
using Platform.Contracts.Courses;
using Platform.Contracts.Letters;
using Platform.Contracts.Loyalty;
using Platform.Testing;

namespace Platform.Users.Tests.Activity;

public sealed class CountActivityTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static readonly DateTimeOffset Morning = new(2026, 3, 10, 6, 0, 0, TimeSpan.Zero);

    private static long _last;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Activity_is_counted_on_the_day_it_happened()
    {
        var person = await app.GivenPerson();

        await Deliver(Order(person.UserId, paid: 350.50m, Morning));
        await Deliver(Order(person.UserId, paid: 100, Morning.AddHours(3)));
        await Deliver(Order(person.UserId, paid: 70, Morning.AddDays(1)));
        await Deliver(new LessonCompleted { UserId = person.UserId, CourseId = new(1), LessonId = new(7), CompletedAt = Morning });
        await Deliver(new LetterGenerated { UserId = person.UserId, SessionId = new(9), GeneratedAt = Morning });
        await Deliver(new CreditsUsed { UserId = person.UserId, UsedAt = Morning });
        await Deliver(new BotStarted { Bot = BotNames.Client, TelegramId = person.TelegramId, StartedAt = Morning });

        (await Days(person.UserId)).ShouldBe(
        [
            "2026-03-10 bot 1 0.00",
            "2026-03-10 credits 1 0.00",
            "2026-03-10 lesson 1 0.00",
            "2026-03-10 letter 1 0.00",
            "2026-03-10 order 2 450.50",
            "2026-03-11 order 1 70.00",
        ]);
    }

    [Theory]
    [InlineData("2026-03-10T20:59:59Z", "2026-03-10")]
    [InlineData("2026-03-10T21:00:00Z", "2026-03-11")]
    [InlineData("2026-03-11T02:00:00+05:00", "2026-03-11")]
    public async Task Activity_is_counted_by_days_in_the_business_time_zone(string at, string day)
    {
        var person = await app.GivenPerson();

        await Deliver(Order(person.UserId, paid: 1, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));

        (await Days(person.UserId)).ShouldBe([$"{day} order 1 1.00"]);
    }

    [Fact]
    public async Task A_redelivered_message_is_not_counted_again()
    {
        var (person, message) = (await app.GivenPerson(), Guid.NewGuid());
        var order = Order(person.UserId, paid: 350, Morning);

        await app.Broker.Publish(order, Ct, message);
        await app.Broker.Publish(order, Ct, message);
        await app.Broker.Publish(order, Ct, message);
        // The queue may reorder messages, so wait for all of them.
        await Deliver(Order(person.UserId, paid: 1, Morning.AddDays(1)));
        await Eventually.IsTrue(async () => await app.Broker.Waiting("users", Ct) == 0, Ct);

        await Eventually.Passes(async () => (await Days(person.UserId)).ShouldBe(["2026-03-10 order 1 350.00", "2026-03-11 order 1 1.00"]), Ct);
    }

    [Fact]
    public async Task A_refund_reduces_spending_on_its_day_and_is_not_activity()
    {
        var person = await app.GivenPerson();

        await Deliver(Order(person.UserId, paid: 350, Morning));
        await Deliver(Refund(person.UserId, 100, Morning.AddHours(1)));
        await Deliver(Refund(person.UserId, 250, Morning.AddDays(5)));

        (await Days(person.UserId)).ShouldBe(["2026-03-10 order 1 250.00", "2026-03-15 order 0 -250.00"]);
    }

    [Fact]
    public async Task A_refund_that_arrives_before_its_order_counts_the_same()
    {
        var person = await app.GivenPerson();

        await Deliver(Refund(person.UserId, 350, Morning.AddHours(1)));
        (await Days(person.UserId)).ShouldBe(["2026-03-10 order 0 -350.00"]);
        await Deliver(Order(person.UserId, paid: 350, Morning));

        (await Days(person.UserId)).ShouldBe(["2026-03-10 order 1 0.00"]);
    }

    [Fact]
    public async Task No_activity_is_stored_for_an_unknown_person()
    {
        var before = await app.Count("select count(*) from activity_days");

        await Deliver(Order(new UserId(8_000_000_001), paid: 350, Morning));
        await Deliver(new BotStarted { Bot = BotNames.Client, TelegramId = UsersApp.NewTelegramId(), StartedAt = Morning });

        (await app.Count("select count(*) from activity_days")).ShouldBe(before);
    }

    [Fact]
    public async Task Erasure_deletes_activity_and_later_events_add_none()
    {
        var person = await app.GivenPerson();
        await Deliver(Order(person.UserId, paid: 350, Morning));

        (await app.Delete("/api/users/me", person.Token)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Days(person.UserId)).ShouldBeEmpty();
        await Deliver(Order(person.UserId, paid: 350, Morning));
        await Deliver(new BotStarted { Bot = BotNames.Client, TelegramId = person.TelegramId, StartedAt = Morning });

        (await Days(person.UserId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_during_an_erasure_leave_no_activity()
    {
        var person = await app.GivenPerson();
        var messages = Enumerable.Range(0, 50).Select(_ => Guid.NewGuid()).ToList();

        var publishing = Task.WhenAll(messages.Select((message, nth) => app.Broker.Publish(Order(person.UserId, paid: 10, Morning.AddDays(nth)), Ct, message)));
        var erased = await app.Delete("/api/users/me", person.Token);
        await publishing;

        erased.Status.ShouldBe(HttpStatusCode.NoContent);
        foreach (var message in messages)
        {
            await Counted(message);
        }

        (await Days(person.UserId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_waits_for_an_uncommitted_erasure_and_leaves_no_activity()
    {
        var (person, message) = (await app.GivenPerson(), Guid.NewGuid());
        await using var erasing = await app.Database.Open(app.Database.Superuser).OpenConnectionAsync(Ct);
        await using var transaction = await erasing.BeginTransactionAsync(Ct);
        await using var erase = new Npgsql.NpgsqlCommand(
            $"""
            select from users.users where id = {person.UserId} for update;
            update users.users
            set telegram_id = null, full_name = '', phone = null, phone_verified_at = null, consent_personal_data = false, consent_by = null, is_active = false,
                erased_at = updated_at
            where id = {person.UserId}
            """, erasing);
        await erase.ExecuteNonQueryAsync(Ct);

        await app.Broker.Publish(Order(person.UserId, paid: 350, Morning), Ct, message);
        await Eventually.IsTrue(
            async () => await app.Count("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0, Ct);
        await transaction.CommitAsync(Ct);

        await Counted(message);
        (await Days(person.UserId)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("count = -1")]
    [InlineData("kind = 'nap'")]
    [InlineData("kind = 'lesson', spent = 1")]
    public async Task The_database_refuses_an_invalid_activity_day(string change)
    {
        var person = await app.GivenPerson();
        await Deliver(Order(person.UserId, paid: 350, Morning));

        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            app.Execute($"update activity_days set {change} where user_id = {person.UserId}"));

        refused.SqlState.ShouldBe(Npgsql.PostgresErrorCodes.CheckViolation);
    }

    private static OrderPlaced Order(UserId userId, decimal paid, DateTimeOffset at) => new()
    {
        OrderId = new(Interlocked.Increment(ref _last)),
        UserId = userId,
        Amount = new Money(paid + 50),
        Paid = new Money(paid),
        PointsEarned = Points.Zero,
        PointsSpent = new Points(50),
        Balance = Points.Zero,
        PlacedAt = at,
    };

    private static OrderRefunded Refund(UserId userId, decimal amount, DateTimeOffset at) => new()
    {
        RefundId = new(Interlocked.Increment(ref _last)),
        OrderId = new(1),
        UserId = userId,
        Amount = new Money(amount),
        RefundedTotal = new Money(amount),
        PointsTakenBack = Points.Zero,
        PointsReturned = Points.Zero,
        Balance = Points.Zero,
        Debt = Points.Zero,
        Version = 1,
        RefundedAt = at,
    };

    /// <summary>Publishes an event and waits until it is handled, whether or not it changed anything.</summary>
    private async Task Deliver<TEvent>(TEvent happened) where TEvent : class
    {
        var message = Guid.NewGuid();
        await app.Broker.Publish(happened, Ct, message);
        await Counted(message);
    }

    private Task Counted(Guid message) => Eventually.IsTrue(
        async () => await app.Count($"select count(*) from inbox where message_id = '{message}' and consumer = 'CountActivity'") == 1, Ct);

    private Task<IReadOnlyList<string>> Days(UserId userId) => app.Database.Column<string>(
        $"select format('%s %s %s %s', day, kind, count, spent) from users.activity_days where user_id = {userId} order by day, kind", Ct);
}
