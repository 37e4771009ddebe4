using Platform.Contracts.Billing;
using Platform.Contracts.Users;
using Platform.Testing;
using Platform.Users.Membership;
using static Platform.Users.Tests.Membership.Payments;

namespace Platform.Users.Tests.Membership;

public sealed class PaidMembershipTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_paid_for_a_month_is_premium_for_a_month_and_for_two_after_paying_again()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();

        await app.Pay(person, months: 1);
        await Expires(person, Months(now, 1));

        await app.Pay(person, months: 1);
        await Expires(person, Months(now, 2));
    }

    [Fact]
    public async Task Who_begins_at_the_end_of_a_month_has_until_the_end_of_each_that_follows()
    {
        app.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 31, 9, 0, 0, TimeSpan.Zero));
        var person = await app.GivenPerson();

        await app.Pay(person, months: 1);
        await Expires(person, new DateTimeOffset(2027, 2, 28, 9, 0, 0, TimeSpan.Zero));
        await app.Pay(person, months: 1);
        await Expires(person, new DateTimeOffset(2027, 3, 31, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_payment_that_is_delivered_twice_or_told_twice_buys_once()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var payment = Payment(person, months: 1);
        var (twice, again) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await app.Broker.Publish(payment, Ct, twice);
        await app.Broker.Publish(payment, Ct, twice);
        await app.Broker.Publish(payment, Ct, again);
        await app.Handled(twice, nameof(ProlongOnPayment));
        await app.Handled(again, nameof(ProlongOnPayment));

        await Expires(person, Months(now, 1));
        (await app.Count($"select count(*) from membership_periods where user_id = {person.UserId}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_for_something_else_buys_no_membership()
    {
        var person = await app.GivenPerson();
        var message = Guid.CreateVersion7();
        await app.Broker.Publish(Payment(person, months: 1) with { Purpose = PaymentPurposes.Credits, MembershipMonths = null }, Ct, message);
        await app.Handled(message, nameof(ProlongOnPayment));

        (await app.Get("/api/users/me", person.Token)).Json("membership.type").ShouldBe("free");
    }

    [Fact]
    public async Task Who_gets_all_of_his_money_back_is_premium_no_more()
    {
        var person = await app.GivenPerson();
        var payment = await app.Pay(person, months: 1);
        await Expires(person, Months(app.Clock.GetUtcNow(), 1));

        await app.Refund(payment, of: 500);

        await Eventually.Passes(async () => (await app.Get("/api/users/me", person.Token)).Json("membership.type").ShouldBe("free"), Ct);
        (await app.Published<MembershipExpired>(told => told.UserId == person.UserId)).MemberId.ShouldNotBeEmpty();
        (await app.Published<UserUpdated>(told => told.UserId == person.UserId && told.MembershipType == MembershipTypes.Free && told.MembershipExpires is not null)).ShouldNotBeNull();
        await app.AddsUp();
    }

    [Fact]
    public async Task Of_half_the_money_half_the_time_is_taken_and_what_follows_moves_up()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var first = await app.Pay(person, months: 2);
        await Expires(person, Months(now, 2));
        await app.GivenPremium(person, days: 10);
        var whole = Months(now, 2) - now;

        await app.Refund(first, of: 250);

        await Expires(person, now + (whole / 2) + TimeSpan.FromDays(10));
        await app.AddsUp();
    }

    [Fact]
    public async Task What_was_paid_after_premium_had_lapsed_stays_where_it_is()
    {
        var person = await app.GivenPerson();
        var lapsed = await app.Pay(person, months: 1);
        app.Clock.Advance(TimeSpan.FromDays(40));
        await app.Pay(person, months: 1);
        var ends = Months(app.Clock.GetUtcNow(), 1);
        app.Clock.Advance(TimeSpan.FromDays(5));

        await app.Refund(lapsed, of: 500);

        await Expires(person, ends);
        (await Me(person)).Json("membership.type").ShouldBe("premium");
        await app.AddsUp();
    }

    [Fact]
    public async Task Of_a_month_that_is_over_nothing_is_billed_to_the_one_that_followed_it()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var over = await app.Pay(person, months: 1);
        await app.Pay(person, months: 1);
        app.Clock.Advance(TimeSpan.FromDays(35));

        await app.Refund(over, of: 500);

        await Expires(person, Months(now, 2));
        await app.AddsUp();
    }

    [Theory]
    [InlineData(new double[] { 500 })]
    [InlineData(new double[] { 100, 250, 500 })]
    [InlineData(new double[] { 500, 100, 250 })]
    public async Task What_follows_a_month_that_is_partly_used_begins_at_once_and_is_as_long_as_it_was(double[] totals)
    {
        var person = await app.GivenPerson();
        var start = app.Clock.GetUtcNow();
        var used = await app.Pay(person, months: 1);
        await app.Pay(person, months: 1);
        await app.GivenPremium(person, days: 10);
        app.Clock.Advance(TimeSpan.FromDays(20));

        foreach (var total in totals)
        {
            await app.Refund(used, of: (decimal)total);
        }

        await Expires(person, start.AddDays(20) + (Months(start, 2) - Months(start, 1)) + TimeSpan.FromDays(10));
        await app.AddsUp();
    }

    [Fact]
    public async Task Of_a_month_that_is_still_to_come_all_is_taken()
    {
        var person = await app.GivenPerson();
        var start = app.Clock.GetUtcNow();
        await app.Pay(person, months: 1);
        var toCome = await app.Pay(person, months: 1);
        await app.GivenPremium(person, days: 10);
        app.Clock.Advance(TimeSpan.FromDays(20));

        await app.Refund(toCome, of: 500);

        await Expires(person, Months(start, 1).AddDays(10));
        await app.AddsUp();
    }

    [Fact]
    public async Task Who_pays_after_an_end_that_nobody_has_put_down_is_told_of_it_first_and_once()
    {
        var person = await app.GivenPerson();
        var ended = (await app.GivenPremium(person, days: 1)).AddDays(-3);
        // As if no job had run since: the row says premium still.
        await app.Execute($"""
            update membership_periods set valid_from = valid_from - interval '3 days', valid_until = valid_until - interval '3 days' where user_id = {person.UserId};
            update users set membership_expires = membership_expires - interval '3 days' where id = {person.UserId}
            """);

        await app.Pay(person, months: 1);

        var begins = await app.Published<MembershipActivated>(told => told.UserId == person.UserId && told.ExpiresAt == Months(app.Clock.GetUtcNow(), 1));
        begins.Prolonged.ShouldBeFalse();
        await app.ToldSoFar();
        var told = app.Broker.Events
            .Where(message => message.Type == typeof(MembershipExpired).FullName)
            .Select(message => message.Read<MembershipExpired>())
            .Where(expired => expired.UserId == person.UserId)
            .ShouldHaveSingleItem();
        told.ExpiredAt.ShouldBe(ended);
        told.Version.ShouldBeLessThan(begins.Version);
        await app.AddsUp();
    }

    [Fact]
    public async Task A_refund_that_comes_before_its_payment_counts_when_that_comes()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var payment = Payment(person, months: 1);
        await app.Refund(payment, of: 250);

        var message = Guid.CreateVersion7();
        await app.Broker.Publish(payment, Ct, message);
        await app.Handled(message, nameof(ProlongOnPayment));

        await Expires(person, now + ((Months(now, 1) - now) / 2));
    }

    [Fact]
    public async Task Refunds_in_any_order_and_repeated_come_to_the_same()
    {
        var now = app.Clock.GetUtcNow();
        var orders = new decimal[][] { [100, 300, 500], [500, 300, 100], [300, 100, 300, 500, 100] };
        var people = new List<Person>();
        foreach (var totals in orders)
        {
            var person = await app.GivenPerson();
            people.Add(person);
            await app.GivenPremium(person, days: 7);
            var payment = await app.Pay(person, months: 1);
            foreach (var total in totals)
            {
                await app.Refund(payment, of: total);
            }
        }

        foreach (var person in people)
        {
            // All of what was paid is gone, what was given stays.
            await Expires(person, now.AddDays(7));
        }

        await app.AddsUp();
    }

    [Fact]
    public async Task A_payment_of_somebody_who_is_erased_is_put_by()
    {
        var person = await app.GivenPerson();
        await app.Delete("/api/users/me", person.Token);

        await app.Pay(person, months: 1);

        (await app.Count($"select count(*) from membership_periods where user_id = {person.UserId}")).ShouldBe(0);
    }

    private async Task<Answer> Me(Person person) => await app.Get("/api/users/me", await app.TokenByBot(person.TelegramId));

    private async Task Expires(Person person, DateTimeOffset at) => UsersApp.Instant(await Me(person), "membership.expires").ShouldBe(at);
}

/// <summary>On a database whose clocks go back in October: a day has 25 hours there.</summary>
public sealed class PaidMembershipInBerlinTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_refund_takes_as_much_time_whatever_the_clock_of_the_database_says()
    {
        app.Clock.SetUtcNow(new DateTimeOffset(2027, 10, 10, 9, 0, 0, TimeSpan.Zero));
        var person = await app.GivenPerson();
        var start = app.Clock.GetUtcNow();
        var payment = await app.Pay(person, months: 1);
        await app.Execute("do $$ begin execute format('alter database %I set timezone = ''Europe/Berlin''', current_database()); end $$");
        await using var replica = await app.AnotherReplica();
        await app.First.DisposeAsync();

        await app.Refund(payment, of: 400);

        var whole = Months(start, 1) - start;
        var row = await app.Row($"select membership_expires from users where id = {person.UserId}");
        row["membership_expires"].ShouldBe((start + (whole / 5)).UtcDateTime);
    }
}
