using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Shops;

internal static class UpdateShop
{
    /// <param name="City">Removed when null, like the other texts.</param>
    /// <param name="Active">Left as it is when null. An inactive shop is hidden from guests, and no shift can be opened in it.</param>
    public sealed record Request(
        [Required, StringLength(100), NotBlank, PlainText] string Name,
        [StringLength(100), NotBlank, PlainText] string? City = null,
        [StringLength(200), NotBlank, PlainText] string? Address = null,
        [StringLength(200), NotBlank, PlainText] string? OpeningHours = null,
        bool? Active = null);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces what guests see of a shop")
        .WithExample(new Request("Мира, 5", "Казань", "проспект Мира, 5", "ежедневно 8–22"), ListShops.Item.Example with { OpeningHours = "ежедневно 8–22" })
        .Refuses(LoyaltyErrors.ShopNotFound);

    public static async Task<Results<Ok<ListShops.Item>, ProblemHttpResult>> Handle(
        [StringLength(64)] string id, Request request, Caller caller, LoyaltyDb db, Audit audit, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (await db.Rows<Shop>($"where id = {id} for update").ToListAsync(ct) is not [var shop])
        {
            return Problems.For(LoyaltyErrors.ShopNotFound);
        }

        shop.Name = request.Name.Trim();
        shop.City = request.City?.Trim();
        shop.Address = request.Address?.Trim();
        shop.OpeningHours = request.OpeningHours?.Trim();
        shop.Active = request.Active ?? shop.Active;
        audit.Write(db, caller, "shop.update", $"shop:{id}", request);
        await db.SaveChangesAsync(ct);
        var staff = await StaffOf(db, id, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(ListShops.ItemOf(shop, caller.StaffId is { } self && staff.Contains(self), staff));
    }

    internal static Task<List<StaffId>> StaffOf(LoyaltyDb db, string shopId, CancellationToken ct) =>
        db.Set<StaffShop>().Where(works => works.ShopId == shopId).OrderBy(works => works.StaffId).Select(works => works.StaffId).ToListAsync(ct);
}
