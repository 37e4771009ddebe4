using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.Contracts.Bots;
using Platform.Contracts.Courses;
using Platform.Contracts.Letters;
using Platform.Contracts.Loyalty;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>Counts what people do per day across all services. Nothing is stored about unknown or erased people.</summary>
internal sealed class CountActivity(UsersDb db)
    : IEventHandler<OrderPlaced>, IEventHandler<OrderRefunded>, IEventHandler<LessonCompleted>, IEventHandler<LetterGenerated>,
      IEventHandler<CreditsUsed>, IEventHandler<BotStarted>
{
    public Task Handle(OrderPlaced happened, CancellationToken ct) => Count(happened.UserId, "order", 1, happened.Paid, happened.PlacedAt, ct);

    /// <summary>Subtracts the money on the day of the refund, even if the order's own event has not arrived.</summary>
    public Task Handle(OrderRefunded happened, CancellationToken ct) =>
        Count(happened.UserId, "order", 0, Money.Zero - happened.Amount, happened.RefundedAt, ct);

    public Task Handle(LessonCompleted happened, CancellationToken ct) => Count(happened.UserId, "lesson", 1, Money.Zero, happened.CompletedAt, ct);

    public Task Handle(LetterGenerated happened, CancellationToken ct) => Count(happened.UserId, "letter", 1, Money.Zero, happened.GeneratedAt, ct);

    public Task Handle(CreditsUsed happened, CancellationToken ct) => Count(happened.UserId, "credits", 1, Money.Zero, happened.UsedAt, ct);

    public Task Handle(BotStarted happened, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        insert into activity_days as known (user_id, day, kind, count)
        select u.id, ({happened.StartedAt.ToUniversalTime()} at time zone calendar.time_zone)::date, 'bot', 1
        from users u, calendar
        where u.telegram_id = {happened.TelegramId.Value} and u.erased_at is null
        for key share of u
        on conflict (user_id, day, kind) do update set count = known.count + excluded.count
        """, ct);

    // "for key share" waits for an erasure under way, so no rows come back after it.
    private Task<int> Count(UserId userId, string kind, int count, Money spent, DateTimeOffset at, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        insert into activity_days as known (user_id, day, kind, count, spent)
        select u.id, ({at.ToUniversalTime()} at time zone calendar.time_zone)::date, {kind}, {count}, {spent.Roubles}
        from users u, calendar
        where u.id = {userId.Value} and u.erased_at is null
        for key share of u
        on conflict (user_id, day, kind) do update set count = known.count + excluded.count, spent = known.spent + excluded.spent
        """, ct);
}
