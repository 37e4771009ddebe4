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
    public async Task Each_thing_that_a_person_does_is_counted_on_its_day()
    {
        var person = await app.GivenPerson();

        await Told(Order(person.UserId, paid: 350.50m, Morning));
        await Told(Order(person.UserId, paid: 100, Morning.AddHours(3)));
        await Told(Order(person.UserId, paid: 70, Morning.AddDays(1)));
        await Told(new LessonCompleted { UserId = person.UserId, CourseId = new(1), LessonId = new(7), CompletedAt = Morning });
        await Told(new LetterGenerated { UserId = person.UserId, SessionId = new(9), GeneratedAt = Morning });
        await Told(new CreditsUsed { UserId = person.UserId, UsedAt = Morning });
        await Told(new BotStarted { Bot = BotNames.Client, TelegramId = person.TelegramId, StartedAt = Morning });

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
    public async Task A_day_is_one_by_the_clock_of_the_business(string at, string day)
    {
        var person = await app.GivenPerson();

        await Told(Order(person.UserId, paid: 1, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));

        (await Days(person.UserId)).ShouldBe([$"{day} order 1 1.00"]);
    }

    [Fact]
    public async Task A_message_that_comes_again_counts_nothing()
    {
        var (person, message) = (await app.GivenPerson(), Guid.NewGuid());
        var order = Order(person.UserId, paid: 350, Morning);

        await app.Broker.Publish(order, Ct, message);
        await app.Broker.Publish(order, Ct, message);
        await app.Broker.Publish(order, Ct, message);
        // The queue may turn them around, so all that came after is waited for.
        await Told(Order(person.UserId, paid: 1, Morning.AddDays(1)));
        await Eventually.IsTrue(async () => await app.Broker.Waiting("users", Ct) == 0, Ct);

        await Eventually.Passes(async () => (await Days(person.UserId)).ShouldBe(["2026-03-10 order 1 350.00", "2026-03-11 order 1 1.00"]), Ct);
    }

    [Fact]
    public async Task Money_that_is_given_back_goes_off_the_day_of_the_refund_and_is_no_activity()
    {
        var person = await app.GivenPerson();

        await Told(Order(person.UserId, paid: 350, Morning));
        await Told(Refund(person.UserId, 100, Morning.AddHours(1)));
        await Told(Refund(person.UserId, 250, Morning.AddDays(5)));

        (await Days(person.UserId)).ShouldBe(["2026-03-10 order 1 250.00", "2026-03-15 order 0 -250.00"]);
    }

    [Fact]
    public async Task A_refund_that_comes_before_its_order_counts_the_same()
    {
        var person = await app.GivenPerson();

        await Told(Refund(person.UserId, 350, Morning.AddHours(1)));
        (await Days(person.UserId)).ShouldBe(["2026-03-10 order 0 -350.00"]);
        await Told(Order(person.UserId, paid: 350, Morning));

        (await Days(person.UserId)).ShouldBe(["2026-03-10 order 1 0.00"]);
    }

    [Fact]
    public async Task Of_somebody_who_is_not_here_nothing_is_kept()
    {
        var before = await app.Count("select count(*) from activity_days");

        await Told(Order(new UserId(8_000_000_001), paid: 350, Morning));
        await Told(new BotStarted { Bot = BotNames.Client, TelegramId = UsersApp.NewTelegramId(), StartedAt = Morning });

        (await app.Count("select count(*) from activity_days")).ShouldBe(before);
    }

    [Fact]
    public async Task Who_erases_himself_takes_his_days_along_and_none_come_after()
    {
        var person = await app.GivenPerson();
        await Told(Order(person.UserId, paid: 350, Morning));

        (await app.Delete("/api/users/me", person.Token)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Days(person.UserId)).ShouldBeEmpty();
        await Told(Order(person.UserId, paid: 350, Morning));
        await Told(new BotStarted { Bot = BotNames.Client, TelegramId = person.TelegramId, StartedAt = Morning });

        (await Days(person.UserId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_told_while_he_erases_himself_leaves_nothing()
    {
        var person = await app.GivenPerson();
        var messages = Enumerable.Range(0, 50).Select(_ => Guid.NewGuid()).ToList();

        var telling = Task.WhenAll(messages.Select((message, nth) => app.Broker.Publish(Order(person.UserId, paid: 10, Morning.AddDays(nth)), Ct, message)));
        var erased = await app.Delete("/api/users/me", person.Token);
        await telling;

        erased.Status.ShouldBe(HttpStatusCode.NoContent);
        foreach (var message in messages)
        {
            await Counted(message);
        }

        (await Days(person.UserId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_comes_between_his_erasure_and_its_commit_waits_for_it_and_leaves_nothing()
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
    public async Task The_database_refuses_a_day_that_cannot_be(string change)
    {
        var person = await app.GivenPerson();
        await Told(Order(person.UserId, paid: 350, Morning));

        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() => app.Execute($"update activity_days set {change} where user_id = {person.UserId}"));

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

    /// <summary>Publishes it, and waits until it is dealt with, whether it changed anything or not.</summary>
    private async Task Told<TEvent>(TEvent happened) where TEvent : class
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
