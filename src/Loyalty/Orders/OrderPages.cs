using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Orders;

internal static class OrderPages
{
    /// <summary>Orders placed in a period, and in one shop.</summary>
    public static IQueryable<Order> Within(this IQueryable<Order> orders, PeriodEdge? from, PeriodEdge? to, string? shopId, BusinessClock wall)
    {
        if (from?.Start(wall) is { } start)
        {
            orders = orders.Where(order => order.PlacedAt >= start);
        }

        if (to?.End(wall) is { } end)
        {
            orders = orders.Where(order => order.PlacedAt < end);
        }

        return shopId is null ? orders : orders.Where(order => order.ShopId == shopId);
    }
}
