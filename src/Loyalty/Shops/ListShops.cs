using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Shops;

/// <summary>The shops of the business: few enough for one page.</summary>
internal static class ListShops
{
    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Mine">Whether the caller usually works there; false for guests.</param>
    /// <param name="StaffIds">Who usually works there; null unless the caller is a shift manager or an owner.</param>
    public sealed record Item(
        string Id, string Name, string? City, string? Address, string? OpeningHours, bool Active, bool Mine, IReadOnlyList<StaffId>? StaffIds)
    {
        internal static readonly Item Example = new(
            "main-street", "Мира, 5", "Казань", "проспект Мира, 5", "пн–пт 8–21, сб–вс 9–22", Active: true, Mine: true, StaffIds: [new StaffId(3)]);
    }

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The shops of the business")
        .WithDescription("Owners also see the inactive ones. The caller's own come first, so that staff find theirs when they open a shift.")
        .WithExample(request: null, new Response([Item.Example]));

    public static async Task<Ok<Response>> Handle(Caller caller, LoyaltyDb db, CancellationToken ct)
    {
        var (isOwner, isManager, self) = (caller.StaffRole >= StaffRole.Owner, caller.StaffRole >= StaffRole.Manager, caller.StaffId);
        var shops = await db.Set<Shop>()
            .Where(shop => shop.Active || isOwner)
            .OrderBy(shop => shop.Name).ThenBy(shop => shop.Id)
            .AsNoTracking()
            .ToListAsync(ct);
        var staff = self is null
            ? []
            : await db.Set<StaffShop>().Where(works => isManager || works.StaffId == self).OrderBy(works => works.StaffId).AsNoTracking().ToListAsync(ct);
        var byShop = staff.ToLookup(works => works.ShopId, works => works.StaffId);
        return TypedResults.Ok(new Response(
            [.. shops
                .Select(shop => ItemOf(shop, self is { } id && byShop[shop.Id].Contains(id), isManager ? [.. byShop[shop.Id]] : null))
                .OrderBy(item => !item.Mine)]));
    }

    internal static Item ItemOf(Shop shop, bool mine, IReadOnlyList<StaffId>? staffIds) =>
        new(shop.Id, shop.Name, shop.City, shop.Address, shop.OpeningHours, shop.Active, mine, staffIds);
}
