using Platform.Contracts.Users;
using Platform.Testing;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

/// <summary>The jobs, on two replicas, over the days of people whose premium ends. Each test has days of its own.</summary>
public sealed class EndOfMembershipTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_its_end_premium_ends_once_though_two_replicas_look()
    {
        await using var second = await app.AnotherReplica();
        var person = await app.GivenPerson();
        var ends = await app.GivenPremium(person, days: 3);

        app.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1));
        (await Me(person)).Json("membership.type").ShouldBe("premium");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Me(person)).Json("membership.type").ShouldBe("free");

        var told = await app.Published<MembershipExpired>(expired => expired.UserId == person.UserId);
        told.ExpiredAt.ShouldBe(ends);
        (await app.Row($"select membership_type, version from users where id = {person.UserId}"))["membership_type"].ShouldBe("free");
        await Passes(3);
        Told<MembershipExpired>(expired => expired.UserId == person.UserId).Count.ShouldBe(1);
        (await app.Published<UserUpdated>(updated => updated.UserId == person.UserId && updated.Version == told.Version)).MembershipType.ShouldBe(MembershipTypes.Free);
    }

    [Fact]
    public async Task Seven_days_and_one_day_before_he_is_reminded_once_each()
    {
        await using var second = await app.AnotherReplica();
        var person = await app.GivenPerson();
        var ends = await app.GivenPremium(person, days: 10);

        app.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMinutes(30));
        await Passes(2);
        Told<MembershipExpiring>(expiring => expiring.UserId == person.UserId).ShouldBeEmpty();

        app.Clock.Advance(TimeSpan.FromMinutes(30));
        var first = await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId);
        (first.Reminder, first.DaysLeft, first.ExpiresAt).ShouldBe((7, 7, ends));

        app.Clock.SetUtcNow(ends.AddDays(-1));
        var last = await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId && expiring.Reminder == 1);
        (last.DaysLeft, last.ExpiresAt).ShouldBe((1, ends));
        await Passes(3);
        Told<MembershipExpiring>(expiring => expiring.UserId == person.UserId).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_prolongs_is_reminded_of_his_new_end()
    {
        var person = await app.GivenPerson();
        await app.GivenPremium(person, days: 8);
        app.Clock.Advance(TimeSpan.FromDays(2));
        await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId);

        var ends = await app.GivenPremium(person, days: 20);
        app.Clock.SetUtcNow(ends.AddDays(-7));

        var told = await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId && expiring.ExpiresAt == ends);
        told.Reminder.ShouldBe(7);
    }

    [Fact]
    public async Task Who_is_given_less_than_a_week_is_not_reminded_of_a_week()
    {
        var person = await app.GivenPerson();
        var ends = await app.GivenPremium(person, days: 3);

        app.Clock.SetUtcNow(ends.AddDays(-1));

        (await app.Published<MembershipExpiring>(expiring => expiring.UserId == person.UserId)).Reminder.ShouldBe(1);
        await Passes(2);
        Told<MembershipExpiring>(expiring => expiring.UserId == person.UserId).Count.ShouldBe(1);
    }

    /// <summary>Both jobs run at once on many connections, as they would where no leader is elected.</summary>
    [Fact]
    public async Task However_many_run_at_once_each_end_and_each_reminder_is_told_once()
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

        await Task.WhenAll(Enumerable.Range(0, 8).SelectMany(_ => new[] { Run<EndMemberships>(), Run<RemindOfExpiry>() }));

        await Eventually.Passes(() =>
        {
            Told<MembershipExpired>(expired => ending.Contains(expired.UserId)).Select(expired => expired.UserId).ShouldBe(ending, ignoreOrder: true);
            Told<MembershipExpiring>(expiring => reminded.Contains(expiring.UserId)).Select(expiring => (expiring.UserId, expiring.Reminder, expiring.DaysLeft))
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

    /// <summary>So many more passes of each job; what they have told is heard when this ends.</summary>
    private async Task Passes(int count)
    {
        foreach (var _ in Enumerable.Range(0, count))
        {
            await Run<EndMemberships>();
            await Run<RemindOfExpiry>();
        }

        await app.ToldSoFar();
    }

    private List<TEvent> Told<TEvent>(Func<TEvent, bool> which) where TEvent : class =>
        [.. app.Broker.Events.Where(message => message.Type == typeof(TEvent).FullName).Select(message => message.Read<TEvent>()).Where(which)];
}

/// <summary>A service that was down over the moment.</summary>
public sealed class EndOfMembershipAfterDowntimeTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Both_reminders_missed_one_is_told_and_both_and_the_end_missed_only_the_end_is()
    {
        var reminded = await app.GivenPerson();
        var ended = await app.GivenPerson();
        await app.GivenPremium(reminded, days: 12);
        await app.GivenPremium(ended, days: 10);
        await app.First.DisposeAsync();

        app.Clock.Advance(TimeSpan.FromDays(11) + TimeSpan.FromHours(6));
        await using var again = await app.AnotherReplica();

        (await app.Published<MembershipExpired>(expired => expired.UserId == ended.UserId)).ShouldNotBeNull();
        var told = await app.Published<MembershipExpiring>(expiring => expiring.UserId == reminded.UserId);
        (told.Reminder, told.DaysLeft).ShouldBe((1, 1));
        await app.ToldSoFar(again.Api);
        app.Broker.Events.Count(message => message.Type == typeof(MembershipExpiring).FullName).ShouldBe(1);
        app.Broker.Events.Count(message => message.Type == typeof(MembershipExpired).FullName).ShouldBe(1);
    }
}
