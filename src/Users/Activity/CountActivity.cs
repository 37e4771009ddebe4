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

/// <summary>Counts what people do in all services by the day, in one statement an event. Of somebody who is unknown or erased nothing is kept.</summary>
internal sealed class CountActivity(UsersDb db)
    : IHandle<OrderPlaced>, IHandle<OrderRefunded>, IHandle<LessonCompleted>, IHandle<LetterGenerated>, IHandle<CreditsUsed>, IHandle<BotStarted>
{
    public Task Handle(OrderPlaced happened, CancellationToken ct) => Count(happened.UserId, "order", 1, happened.Paid, happened.PlacedAt, ct);

    /// <summary>The money goes off the day on which it was given back, whether its order has been heard of or not.</summary>
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

    // Whoever is erasing himself at the moment is waited for, and has gone then: his rows must not come back.
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
