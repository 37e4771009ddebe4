using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Shops;

internal static class CreateShop
{
    /// <param name="Id">Latin letters, digits, dots, hyphens and underscores. It cannot be changed later.</param>
    /// <param name="Active">True by default: guests see the shop, and staff can open a shift in it.</param>
    public sealed record Request(
        [Required, StringLength(64), RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]*$", ErrorMessage = "Use Latin letters, digits, dots and hyphens.")]
        string Id,
        [Required, StringLength(100), NotBlank, PlainText] string Name,
        [StringLength(100), NotBlank, PlainText] string? City = null,
        [StringLength(200), NotBlank, PlainText] string? Address = null,
        [StringLength(200), NotBlank, PlainText] string? OpeningHours = null,
        bool? Active = null);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Adds a shop")
        .WithExample(
            new Request("main-street", "Мира, 5", "Казань", "проспект Мира, 5", "пн–пт 8–21, сб–вс 9–22"),
            ListShops.Item.Example with { Mine = false, StaffIds = [] })
        .Refuses(LoyaltyErrors.ShopExists);

    public static async Task<Results<Created<ListShops.Item>, ProblemHttpResult>> Handle(
        Request request, Caller caller, LoyaltyDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var shop = new Shop
        {
            Id = request.Id,
            Name = request.Name.Trim(),
            City = request.City?.Trim(),
            Address = request.Address?.Trim(),
            OpeningHours = request.OpeningHours?.Trim(),
            Active = request.Active ?? true,
            CreatedAt = clock.GetUtcNow(),
        };
        await using var transaction = await db.Join(ct);
        var added = await db.Database.ExecuteSqlAsync(
            $"""
            insert into shops (id, name, city, address, opening_hours, active, created_at)
            values ({shop.Id}, {shop.Name}, {shop.City}, {shop.Address}, {shop.OpeningHours}, {shop.Active}, {shop.CreatedAt})
            on conflict do nothing
            """, ct);
        if (added == 0)
        {
            return Problems.For(LoyaltyErrors.ShopExists);
        }

        audit.Write(db, caller, "shop.create", $"shop:{shop.Id}", request);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, ListShops.ItemOf(shop, mine: false, []));
    }
}
