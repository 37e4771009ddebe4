using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.Loyalty.Storage;
using Platform.Messaging;

namespace Platform.Loyalty.Alerts;

/// <summary>
/// Raises an alert when a guest earns points more often than one person visits: someone may be collecting on others' orders. Once per guest and
/// window, in whatever order the events arrive.
/// </summary>
internal sealed class RaiseVelocityAlert(LoyaltyDb db, IOptions<LoyaltyOptions> options, IOptions<JsonOptions> json) : IEventHandler<OrderPlaced>
{
    public async Task Handle(OrderPlaced happened, CancellationToken ct)
    {
        if (happened.PointsEarned <= Points.Zero)
        {
            return;
        }

        var (userId, at, window) = (happened.UserId.Value, happened.PlacedAt.ToUniversalTime(), options.Value.VelocityWindow);
        var (since, until) = (at - window, at + window);
        // The first order, from this one on, that is one too many for the window before it.
        var found = await db.Database.SqlQuery<long>(
            $"""
            select id as "Value" from (
                select id, placed_at, count(*) over (order by placed_at range between {window} preceding and current row) as earnings
                from orders
                where user_id = {userId} and points_earned > 0 and placed_at > {since} and placed_at < {until}
            ) earned
            where earnings > {options.Value.VelocityEarnings} and placed_at >= {at}
            order by placed_at, id limit 1
            """).ToListAsync(ct);
        if (found is not [var orderId])
        {
            return;
        }

        // One at a time for each guest, so that the second sees the alert of the first.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('loyalty.velocity', {userId}))", ct);
        var details = JsonSerializer.Serialize(new AlertDetails(options.Value.VelocityEarnings + 1, new OrderId(orderId)), json.Value.SerializerOptions);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into alerts (kind, staff_id, user_id, raised_at, details)
            select {EnumText.Of(AlertKind.GuestVelocity)}, staff_id, user_id, placed_at, {details}::jsonb
            from orders last
            where id = {orderId} and not exists (
                select from alerts known
                where known.user_id = {userId} and known.kind = {EnumText.Of(AlertKind.GuestVelocity)}
                    and known.raised_at > last.placed_at - {window} and known.raised_at < last.placed_at + {window})
            """, ct);
    }
}
