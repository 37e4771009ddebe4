using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Time;
using Platform.Testing;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

public sealed class PaidMembershipTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static long _lastPayment;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_paid_for_a_month_is_premium_for_a_month_and_for_two_after_paying_again()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();

        await Pay(person, months: 1);
        await Expires(person, Months(now, 1));

        await Pay(person, months: 1);
        await Expires(person, Months(now, 2));
    }

    [Fact]
    public async Task Who_begins_at_the_end_of_a_month_has_until_the_end_of_each_that_follows()
    {
        app.Clock.MoveTo(new DateTimeOffset(2027, 1, 31, 9, 0, 0, TimeSpan.Zero));
        var person = await app.GivenPerson();

        await Pay(person, months: 1);
        await Expires(person, new DateTimeOffset(2027, 2, 28, 9, 0, 0, TimeSpan.Zero));
        await Pay(person, months: 1);
        await Expires(person, new DateTimeOffset(2027, 3, 31, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_payment_that_is_delivered_twice_or_told_twice_buys_once()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var payment = Payment(person, months: 1);
        var messageId = Guid.CreateVersion7();

        await app.Broker.Publish(payment, Ct, messageId);
        await app.Broker.Publish(payment, Ct, messageId);
        await app.Broker.Publish(payment, Ct);
        // Behind the three in the queue or beside them: once it is there, they are.
        await Pay(person, months: 1);

        await Expires(person, Months(now, 2));
        (await app.Count($"select count(*) from membership_periods where user_id = {person.UserId}")).ShouldBe(2);
    }

    [Fact]
    public async Task A_payment_for_something_else_buys_no_membership()
    {
        var person = await app.GivenPerson();
        await app.Broker.Publish(Payment(person, months: 1) with { Purpose = PaymentPurposes.Credits, MembershipMonths = null }, Ct);
        var marker = await app.GivenPerson();
        await Pay(marker, months: 1);
        await Expires(marker, Months(app.Clock.GetUtcNow(), 1));

        (await app.Get("/api/users/me", person.Token)).Json("membership.type").ShouldBe("free");
    }

    [Fact]
    public async Task Who_gets_all_of_his_money_back_is_premium_no_more()
    {
        var person = await app.GivenPerson();
        var payment = await Pay(person, months: 1);
        await Expires(person, Months(app.Clock.GetUtcNow(), 1));

        await Refund(payment, of: 500);

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
        var first = await Pay(person, months: 2);
        await Expires(person, Months(now, 2));
        await app.GivenPremium(person, days: 10);
        var whole = Months(now, 2) - now;

        await Refund(first, of: 250);

        await Expires(person, now + (whole / 2) + TimeSpan.FromDays(10));
        await app.AddsUp();
    }

    [Fact]
    public async Task A_refund_that_comes_before_its_payment_counts_when_that_comes()
    {
        var person = await app.GivenPerson();
        var now = app.Clock.GetUtcNow();
        var payment = Payment(person, months: 1);
        await Refund(payment, of: 250);
        await Eventually.Passes(async () => (await app.Count($"select count(*) from membership_refunds where user_id = {person.UserId}")).ShouldBe(1), Ct);

        await app.Broker.Publish(payment, Ct);

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
            var payment = await Pay(person, months: 1);
            foreach (var total in totals)
            {
                await Refund(payment, of: total);
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

        await Pay(person, months: 1);

        var marker = await app.GivenPerson();
        await Pay(marker, months: 1);
        await Expires(marker, Months(app.Clock.GetUtcNow(), 1));
        (await app.Count($"select count(*) from membership_periods where user_id = {person.UserId}")).ShouldBe(0);
    }

    private static DateTimeOffset Months(DateTimeOffset from, int months)
    {
        var calendar = new MembershipCalendar(new WallClock("Europe/Moscow"));
        return calendar.AddMonths(from, months, calendar.AnchorOf(from));
    }

    private static PaymentSucceeded Payment(Person person, int months) => new()
    {
        PaymentId = new PaymentId(Interlocked.Increment(ref _lastPayment)),
        UserId = person.UserId,
        Purpose = PaymentPurposes.Membership,
        Amount = new Money(500),
        MembershipMonths = months,
        PaidAt = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero),
    };

    private async Task<PaymentSucceeded> Pay(Person person, int months)
    {
        var payment = Payment(person, months);
        await app.Broker.Publish(payment, Ct);
        return payment;
    }

    private Task Refund(PaymentSucceeded payment, decimal of) => app.Broker.Publish(
        new PaymentRefunded
        {
            PaymentId = payment.PaymentId,
            UserId = payment.UserId,
            Purpose = payment.Purpose,
            PaidAmount = payment.Amount,
            RefundedTotal = new Money(of),
            RefundedAt = payment.PaidAt,
        },
        Ct);

    private Task Expires(Person person, DateTimeOffset at) => Eventually.Passes(
        async () => UsersApp.Instant(await app.Get("/api/users/me", person.Token), "membership.expires").ShouldBe(at), Ct);
}
