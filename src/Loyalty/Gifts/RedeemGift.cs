using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Gifts;

internal static class RedeemGift
{
    /// <param name="OrderId">The order that it is redeemed with: when that order is refunded in full, the gift is available again.</param>
    public sealed record Request(OrderId? OrderId = null);

    /// <param name="Name">First name and last initial.</param>
    public sealed record Response(GiftId GiftId, string Title, UserId UserId, string? Name, DateTimeOffset RedeemedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Redeems a guest's gift: of many calls at once, one succeeds")
        .WithExample(
            new Request(new OrderId(17)),
            new Response(new GiftId(31), "Капучино", new UserId(5), Guest.Example.Name, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(
            LoyaltyErrors.GiftNotFound, LoyaltyErrors.GiftOwn, LoyaltyErrors.GiftRedeemed, LoyaltyErrors.GiftRevoked, LoyaltyErrors.GiftExpired,
            LoyaltyErrors.OrderNotFound, LoyaltyErrors.OrderRefunded);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        GiftId id,
        Request? request,
        Caller caller,
        LoyaltyDb db,
        Audit audit,
        Outbox outbox,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        await using var transaction = await db.Join(ct);
        // Redemptions of a guest's gifts and refunds of their orders wait for each other here.
        await db.Database.ExecuteSqlAsync(
            $"select 1 from accounts where user_id = (select user_id from gifts where id = {id.Value}) for update", ct);
        var gift = await db.Rows<Gift>($"where id = {id.Value}").SingleOrDefaultAsync(ct);
        if (gift is null)
        {
            return Problems.For(LoyaltyErrors.GiftNotFound);
        }

        if (gift.UserId == caller.UserId)
        {
            return Problems.For(LoyaltyErrors.GiftOwn);
        }

        var now = clock.GetUtcNow();
        if (gift.Redeem(staffId, request?.OrderId, now) is { } refusal)
        {
            return Problems.For(refusal);
        }

        if (gift.OrderId is { } orderId)
        {
            var order = await db.Set<Order>().AsNoTracking().SingleOrDefaultAsync(order => order.Id == orderId && order.UserId == gift.UserId, ct);
            if (order is null)
            {
                return Problems.For(LoyaltyErrors.OrderNotFound);
            }

            if (order.RefundedAt is not null)
            {
                return Problems.For(LoyaltyErrors.OrderRefunded);
            }
        }

        outbox.Add(new GiftRedeemed { GiftId = id, UserId = gift.UserId, Title = gift.Title, RedeemedAt = now });
        audit.Write(db, caller, "gift.redeem", $"user:{gift.UserId}", new { giftId = id, gift.OrderId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        var name = await db.Set<GuestName>().Where(guest => guest.UserId == gift.UserId).Select(guest => guest.FullName).SingleOrDefaultAsync(ct);
        return TypedResults.Ok(new Response(id, gift.Title, gift.UserId, Guest.Of(gift.UserId, name).Name, now));
    }
}
