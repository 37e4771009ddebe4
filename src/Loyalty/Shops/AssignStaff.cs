using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Shops;

/// <summary>Says who usually works in a shop: they find it first when they open a shift.</summary>
internal static class AssignStaff
{
    /// <param name="StaffIds">Replaces the whole list.</param>
    public sealed record Request([Required, MaxLength(500)] IReadOnlyList<StaffId> StaffIds);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces the list of those who usually work in a shop")
        .WithExample(new Request([new StaffId(3)]), ListShops.Item.Example)
        .Refuses(LoyaltyErrors.ShopNotFound);

    public static async Task<Results<Ok<ListShops.Item>, ProblemHttpResult>> Handle(
        [StringLength(64)] string id, Request request, Caller caller, LoyaltyDb db, Audit audit, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (await db.Rows<Shop>($"where id = {id} for update").AsNoTracking().ToListAsync(ct) is not [var shop])
        {
            return Problems.For(LoyaltyErrors.ShopNotFound);
        }

        await db.Set<StaffShop>().Where(works => works.ShopId == id).ExecuteDeleteAsync(ct);
        db.AddRange(request.StaffIds.Distinct().Select(staffId => new StaffShop { StaffId = staffId, ShopId = id }));
        audit.Write(db, caller, "shop.assign_staff", $"shop:{id}", request);
        await db.SaveChangesAsync(ct);
        var staff = await UpdateShop.StaffOf(db, id, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(ListShops.ItemOf(shop, caller.StaffId is { } self && staff.Contains(self), staff));
    }
}
