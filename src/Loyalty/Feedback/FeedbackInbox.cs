using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Feedback;

public sealed record FeedbackSent(FeedbackId FeedbackId)
{
    internal static readonly FeedbackSent Example = new(new FeedbackId(21));
}

/// <summary>Stores what guests send to the management.</summary>
internal sealed class FeedbackInbox(
    LoyaltyDb db, Outbox outbox, RateLimits limits, IOptions<LoyaltyOptions> options, TimeProvider clock)
{
    /// <summary>The longest text: what a message in Telegram holds, less a little.</summary>
    public const int MaxText = 4000;

    private static readonly TimeSpan LimitWindow = TimeSpan.FromHours(1);

    /// <summary>How old the guest's last order may be for feedback without an order to be about its shop.</summary>
    private static readonly TimeSpan RecentOrder = TimeSpan.FromDays(1);

    /// <summary>A filter before that of the idempotency key, whose transaction would hold a connection while this waits.</summary>
    public static async ValueTask<object?> WaitForAccount(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return Caller.Of(http)?.UserId is { } userId
            && !await http.RequestServices.GetRequiredService<AccountOpening>().Wait(userId, http.RequestAborted)
                ? Problems.For(LoyaltyErrors.AccountOpening)
                : await next(context);
    }

    public async Task<Results<Created<FeedbackSent>, ProblemHttpResult>> Store(
        Caller caller, FeedbackKind kind, int? rating, string? text, OrderId? orderId, CancellationToken ct)
    {
        if (caller.UserId is not { } userId)
        {
            return Problems.For(LoyaltyErrors.AccountNotFound);
        }

        if (await limits.Take("feedback", caller.Subject, options.Value.FeedbackPerHour, LimitWindow, ct) is { } refusal)
        {
            return refusal;
        }

        await using var transaction = await db.Join(ct);
        // An erasure locks the account too: either it removes this text, or it is seen here. And of two reviews of an order, the second sees the first.
        await db.Database.ExecuteSqlAsync($"select from accounts where user_id = {userId.Value} for no key update", ct);
        if (await db.Set<GuestName>().AnyAsync(guest => guest.UserId == userId && guest.ErasedAt != null, ct))
        {
            return Problems.For(LoyaltyErrors.GuestErased);
        }

        var order = orderId is null
            ? null
            : await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(order => order.Id == orderId && order.UserId == userId, ct);
        if (orderId is not null && order is null)
        {
            return Problems.For(LoyaltyErrors.OrderNotFound);
        }

        var now = clock.GetUtcNow();
        var entry = orderId is null ? null : await db.Set<FeedbackEntry>().SingleOrDefaultAsync(known => known.OrderId == orderId, ct);
        var isNew = entry is null;
        entry ??= new FeedbackEntry
        {
            Kind = kind,
            UserId = userId,
            ShopId = order is null ? await ShopOfLastOrder(userId, now, ct) : order.ShopId,
            OrderId = orderId,
            CreatedAt = now,
        };
        entry.Write((short?)rating, text?.Trim());
        if (isNew)
        {
            db.Add(entry);
            await db.SaveChangesAsync(ct);
            outbox.Add(new FeedbackReceived
            {
                FeedbackId = entry.Id,
                UserId = userId,
                Kind = kind.ToString().ToLowerInvariant(),
                Rating = rating,
                ReceivedAt = now,
            });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, new FeedbackSent(entry.Id));
    }

    private async Task<string?> ShopOfLastOrder(UserId userId, DateTimeOffset now, CancellationToken ct)
    {
        var earliest = now - RecentOrder;
        return await db.Set<Order>()
            .Where(order => order.UserId == userId && order.PlacedAt >= earliest)
            .OrderByDescending(order => order.Id)
            .Select(order => order.ShopId)
            .FirstOrDefaultAsync(ct);
    }
}
