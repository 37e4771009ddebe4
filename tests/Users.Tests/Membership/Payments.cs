using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.ServiceDefaults.Time;
using Platform.Testing;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

/// <summary>Payments and refunds of premium, as billing publishes them.</summary>
public static class Payments
{
    private static long _last;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Some months later in the time zone of the business.</summary>
    public static DateTimeOffset Months(DateTimeOffset from, int months)
    {
        var calendar = new MembershipCalendar(new BusinessClock("Europe/Moscow"));
        return calendar.AddMonths(from, months, calendar.AnchorOf(from));
    }

    /// <summary>A payment of 500 roubles.</summary>
    public static PaymentSucceeded Payment(Person person, int months) => new()
    {
        PaymentId = new PaymentId(Interlocked.Increment(ref _last)),
        UserId = person.UserId,
        Purpose = PaymentPurposes.Membership,
        Amount = new Money(500),
        MembershipMonths = months,
        PaidAt = new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero),
    };

    /// <summary>Returns when the service has handled it.</summary>
    public static async Task<PaymentSucceeded> Pay(this UsersApp app, Person person, int months)
    {
        var (payment, message) = (Payment(person, months), Guid.CreateVersion7());
        await app.Broker.Publish(payment, Ct, message);
        await app.Handled(message, nameof(ExtendMembershipOnPayment));
        return payment;
    }

    /// <param name="of">Roubles refunded so far, in total.</param>
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
        await app.Handled(message, nameof(ShortenMembershipOnRefund));
    }

    /// <summary>Waits until a consumer has handled a message.</summary>
    public static Task Handled(this UsersApp app, Guid message, string consumer) => Eventually.IsTrue(
        async () => await app.Count($"select count(*) from inbox where message_id = '{message}' and consumer = '{consumer}'") == 1, Ct);
}
