using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.ServiceDefaults.Time;
using Platform.Testing;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

/// <summary>What people pay for premium, and get back, as Billing tells of it.</summary>
public static class Payments
{
    private static long _last;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>So many months later, by the calendar on the wall of the business.</summary>
    public static DateTimeOffset Months(DateTimeOffset from, int months)
    {
        var calendar = new MembershipCalendar(new WallClock("Europe/Moscow"));
        return calendar.AddMonths(from, months, calendar.AnchorOf(from));
    }

    /// <summary>Of 500 roubles.</summary>
    public static PaymentSucceeded Payment(Person person, int months) => new()
    {
        PaymentId = new PaymentId(Interlocked.Increment(ref _last)),
        UserId = person.UserId,
        Purpose = PaymentPurposes.Membership,
        Amount = new Money(500),
        MembershipMonths = months,
        PaidAt = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero),
    };

    /// <summary>Ends when it has come to the service.</summary>
    public static async Task<PaymentSucceeded> Pay(this UsersApp app, Person person, int months)
    {
        var (payment, message) = (Payment(person, months), Guid.CreateVersion7());
        await app.Broker.Publish(payment, Ct, message);
        await app.Handled(message, nameof(ProlongOnPayment));
        return payment;
    }

    /// <param name="of">Roubles, all that was given back so far.</param>
    /// <inheritdoc cref="Pay"/>
    public static async Task Refund(this UsersApp app, PaymentSucceeded payment, decimal of)
    {
        var message = Guid.CreateVersion7();
        await app.Broker.Publish(
            new PaymentRefunded
            {
                PaymentId = payment.PaymentId,
                UserId = payment.UserId,
                Purpose = payment.Purpose,
                PaidAmount = payment.Amount,
                RefundedTotal = new Money(of),
                RefundedAt = payment.PaidAt,
            },
            Ct,
            message);
        await app.Handled(message, nameof(ShortenOnRefund));
    }

    /// <summary>Ends when a consumer has taken in a message.</summary>
    public static Task Handled(this UsersApp app, Guid message, string consumer) => Eventually.IsTrue(
        async () => await app.Count($"select count(*) from inbox where message_id = '{message}' and consumer = '{consumer}'") == 1, Ct);
}
