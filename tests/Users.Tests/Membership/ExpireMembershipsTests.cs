using Platform.Contracts.Users;
using Platform.Testing;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

/// <summary>Both jobs on two replicas as the clock moves past people's end of premium. Each test uses its own days.</summary>
public sealed class ExpireMembershipsTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Premium_ends_once_with_two_replicas_running()
    {
        await using var second = await app.AnotherReplica();
        var person = await app.GivenPerson();
        var ends = await app.GivenPremium(person, days: 3);

        app.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        (await Me(person)).Json("membership.type").ShouldBe("premium");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Me(person)).Json("membership.type").ShouldBe("free");

        var published = await app.Published<MembershipExpired>(expired => expired.UserId == person.UserId);
        published.ExpiredAt.ShouldBe(ends);
        (await app.Row($"select membership_type, version from users where id = {person.UserId}"))["membership_type"].ShouldBe("free");
        await Passes(3);
        Published<MembershipExpired>(expired => expired.UserId == person.UserId).Count.ShouldBe(1);
        (await app.Published<UserUpdated>(updated => updated.UserId == person.UserId && updated.Version == published.Version))
            .MembershipType.ShouldBe(MembershipTypes.Free);
    }

    [Fact]
    public async Task Members_are_reminded_once_7_days_and_once_1_day_before_the_end()
    {
        await using var second = await app.AnotherReplica();
        var person = await app.GivenPerson();
        var ends = await app.GivenPremium(person, days: 10);

        app.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(30));
        await Passes(2);
        Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId).ShouldBeEmpty();

        app.Clock.Advance(TimeSpan.FromMinutes(30));
        var first = await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId);
        (first.Reminder, first.DaysLeft, first.ExpiresAt).ShouldBe((7, 7, ends));

        app.Clock.SetUtcNow(ends.AddDays(-1));
        var last = await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId && expiring.Reminder == 1);
        (last.DaysLeft, last.ExpiresAt).ShouldBe((1, ends));
        await Passes(3);
        Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_extended_membership_is_reminded_of_its_new_end()
    {
        var person = await app.GivenPerson();
        await app.GivenPremium(person, days: 8);
        app.Clock.Advance(TimeSpan.FromDays(2));
        await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId);

        var ends = await app.GivenPremium(person, days: 20);
        app.Clock.SetUtcNow(ends.AddDays(-7));

        var published = await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId && expiring.ExpiresAt == ends);
        published.Reminder.ShouldBe(7);
    }

    [Fact]
    public async Task A_membership_shorter_than_a_week_gets_no_7_day_reminder()
    {
        var person = await app.GivenPerson();
        var ends = await app.GivenPremium(person, days: 3);

        app.Clock.SetUtcNow(ends.AddDays(-1));

        (await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId)).Reminder.ShouldBe(1);
        await Passes(2);
        Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId).Count.ShouldBe(1);
    }

    /// <summary>Runs both jobs concurrently on many connections, as if no leader were elected.</summary>
    [Fact]
    public async Task Concurrent_runs_publish_each_end_and_each_reminder_once()
    {
        var people = new List<Person>();
        foreach (var _ in Enumerable.Range(0, 10))
        {
            var person = await app.GivenPerson();
            people.Add(person);
            await app.GivenPremium(person, days: 30);
        }

        var (ending, reminded) = (people[..5].Select(person => person.UserId).ToHashSet(), people[5..].Select(person => person.UserId).ToHashSet());
        foreach (var (ids, interval) in new[] { (ending, "31 days"), (reminded, "24 days") })
        {
            await app.Execute($"""
                update membership_periods set valid_from = valid_from - interval '{interval}', valid_until = valid_until - interval '{interval}', granted_at = granted_at - interval '{interval}' where user_id in ({string.Join(',', ids)});
                update users set membership_expires = membership_expires - interval '{interval}' where id in ({string.Join(',', ids)})
                """);
        }

        await Task.WhenAll(Enumerable.Range(0, 8).SelectMany(_ => new[] { Run<ExpireMemberships>(), Run<RemindOfExpiry>() }));

        await Eventually.Passes(() =>
        {
            Published<MembershipExpired>(expired => ending.Contains(expired.UserId)).Select(expired => expired.UserId).ShouldBe(ending, ignoreOrder: true);
            Published<MembershipExpiring>(expiring => reminded.Contains(expiring.UserId))
                .Select(expiring => (expiring.UserId, expiring.Reminder, expiring.DaysLeft))
                .ShouldBe(reminded.Select(id => (id, 7, 6)), ignoreOrder: true);
            return Task.CompletedTask;
        }, Ct);
        await app.AddsUp();
    }

    private async Task<Answer> Me(Person person) => await app.Get("/api/users/me", await app.TokenByBot(person.TelegramId));

    private async Task Run<TJob>() where TJob : class, Platform.Database.Jobs.IJob
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().Run(Ct);
    }

    /// <summary>Runs each job some more times; returns when their events have arrived.</summary>
    private async Task Passes(int count)
    {
        foreach (var _ in Enumerable.Range(0, count))
        {
            await Run<ExpireMemberships>();
            await Run<RemindOfExpiry>();
        }

        await app.AllPublished();
    }

    private List<TEvent> Published<TEvent>(Func<TEvent, bool> which) where TEvent : class =>
        [.. app.Broker.Events.Where(message => message.Type == typeof(TEvent).FullName).Select(message => message.Read<TEvent>()).Where(which)];
}

/// <summary>A service that was down when a reminder or an end was due.</summary>
public sealed class EndOfMembershipAfterDowntimeTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task After_downtime_only_the_latest_missed_reminder_or_end_is_published()
    {
        var reminded = await app.GivenPerson();
        var ended = await app.GivenPerson();
        await app.GivenPremium(reminded, days: 12);
        await app.GivenPremium(ended, days: 10);
        await app.First.DisposeAsync();

        app.Clock.Advance(TimeSpan.FromDays(11) + TimeSpan.FromHours(6));
        await using var again = await app.AnotherReplica();

        (await app.Published<MembershipExpired>(expired => expired.UserId == ended.UserId)).ShouldNotBeNull();
        var published = await app.Published<MembershipExpiring>(expiring => expiring.UserId == reminded.UserId);
        (published.Reminder, published.DaysLeft).ShouldBe((1, 1));
        await app.AllPublished(again.Api);
        app.Broker.Events.Count(message => message.Type == typeof(MembershipExpiring).FullName).ShouldBe(1);
        app.Broker.Events.Count(message => message.Type == typeof(MembershipExpired).FullName).ShouldBe(1);
    }
}
