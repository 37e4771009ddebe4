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
    public async Task Each_payment_for_a_month_adds_a_month_of_premium()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();

        await app.Pay(person, months: 1);
        await Expires(person, Months(now, 1));

        await app.Pay(person, months: 1);
        await Expires(person, Months(now, 2));
    }

    [Fact]
    public async Task Premium_that_starts_at_the_end_of_a_month_runs_to_the_ends_of_months()
    {
        app.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 31, 9, 0, 0, TimeSpan.Zero));
        var person = await app.GivenPerson();

        await app.Pay(person, months: 1);
        await Expires(person, new DateTimeOffset(2027, 2, 28, 9, 0, 0, TimeSpan.Zero));
        await app.Pay(person, months: 1);
        await Expires(person, new DateTimeOffset(2027, 3, 31, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_payment_delivered_or_published_twice_counts_once()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var payment = Payment(person, months: 1);
        var (twice, again) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await app.Broker.Publish(payment, Ct, twice);
        await app.Broker.Publish(payment, Ct, twice);
        await app.Broker.Publish(payment, Ct, again);
        await app.Handled(twice, nameof(ExtendMembershipOnPayment));
        await app.Handled(again, nameof(ExtendMembershipOnPayment));

        await Expires(person, Months(now, 1));
        (await app.Count($"select count(*) from membership_periods where user_id = {person.UserId}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_for_another_purpose_gives_no_membership()
    {
        var person = await app.GivenPerson();
        var message = Guid.CreateVersion7();
        await app.Broker.Publish(Payment(person, months: 1) with { Purpose = PaymentPurposes.Credits, MembershipMonths = null }, Ct, message);
        await app.Handled(message, nameof(ExtendMembershipOnPayment));

        (await app.Get("/api/users/me", person.Token)).Json("membership.type").ShouldBe("free");
    }

    [Fact]
    public async Task A_full_refund_ends_premium()
    {
        var person = await app.GivenPerson();
        var payment = await app.Pay(person, months: 1);
        await Expires(person, Months(app.Clock.GetUtcNow(), 1));

        await app.Refund(payment, of: 500);

        await Eventually.Passes(async () => (await app.Get("/api/users/me", person.Token)).Json("membership.type").ShouldBe("free"), Ct);
        (await app.Published<MembershipExpired>(published => published.UserId == person.UserId)).MemberId.ShouldNotBeEmpty();
        (await app.Published<UserUpdated>(published => published.UserId == person.UserId && published.MembershipType == MembershipTypes.Free
            && published.MembershipExpires is not null)).ShouldNotBeNull();
        await app.AddsUp();
    }

    [Fact]
    public async Task A_half_refund_takes_half_the_time_and_moves_later_periods_earlier()
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
    public async Task A_refund_does_not_move_a_period_bought_after_a_lapse()
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
    public async Task A_refund_of_a_used_month_does_not_shorten_the_next_one()
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
    public async Task A_full_refund_of_a_partly_used_month_starts_the_next_at_once_in_full_length(double[] totals)
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
    public async Task A_refund_of_a_future_month_takes_all_of_it()
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
    public async Task A_payment_after_an_unrecorded_end_publishes_that_end_first_and_once()
    {
        var person = await app.GivenPerson();
        var ended = (await app.GivenPremium(person, days: 1)).AddDays(-3);
        // The job that records the end has not run: the row still says premium.
        await app.Execute($"""
            update membership_periods set valid_from = valid_from - interval '3 days', valid_until = valid_until - interval '3 days' where user_id = {person.UserId};
            update users set membership_expires = membership_expires - interval '3 days' where id = {person.UserId}
            """);

        await app.Pay(person, months: 1);

        var begins = await app.Published<MembershipActivated>(published =>
            published.UserId == person.UserId && published.ExpiresAt == Months(app.Clock.GetUtcNow(), 1));
        begins.Prolonged.ShouldBeFalse();
        await app.AllPublished();
        var published = app.Broker.Events
            .Where(message => message.Type == typeof(MembershipExpired).FullName)
            .Select(message => message.Read<MembershipExpired>())
            .Where(expired => expired.UserId == person.UserId)
            .ShouldHaveSingleItem();
        published.ExpiredAt.ShouldBe(ended);
        published.Version.ShouldBeLessThan(begins.Version);
        await app.AddsUp();
    }

    [Fact]
    public async Task A_refund_that_arrives_before_its_payment_applies_when_it_arrives()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var payment = Payment(person, months: 1);
        await app.Refund(payment, of: 250);

        var message = Guid.CreateVersion7();
        await app.Broker.Publish(payment, Ct, message);
        await app.Handled(message, nameof(ExtendMembershipOnPayment));

        await Expires(person, now + ((Months(now, 1) - now) / 2));
    }

    [Fact]
    public async Task Refunds_in_any_order_and_repeated_give_the_same_result()
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
            // Everything paid for is gone; the grant stays.
            await Expires(person, now.AddDays(7));
        }

        await app.AddsUp();
    }

    [Fact]
    public async Task A_payment_of_an_erased_person_is_ignored()
    {
        var person = await app.GivenPerson();
        await app.Delete("/api/users/me", person.Token);

        await app.Pay(person, months: 1);

        (await app.Count($"select count(*) from membership_periods where user_id = {person.UserId}")).ShouldBe(0);
    }

    private async Task<Answer> Me(Person person) => await app.Get("/api/users/me", await app.TokenByBot(person.TelegramId));

    private async Task Expires(Person person, DateTimeOffset at) => UsersApp.Instant(await Me(person), "membership.expires").ShouldBe(at);
}

/// <summary>On a database in a time zone where one October day has 25 hours.</summary>
public sealed class PaidMembershipInBerlinTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_refund_does_not_depend_on_the_time_zone_of_the_database()
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
