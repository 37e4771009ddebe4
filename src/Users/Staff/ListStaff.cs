using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Staff;

/// <summary>Who works here now, in the order in which they were added. The admin from the settings, who has no Telegram id, is left out.</summary>
internal static class ListStaff
{
    /// <param name="Next">Pass it as <c>after</c> to get the next page; null on the last page.</param>
    public sealed record Response(IReadOnlyList<Item> Items, StaffId? Next);

    /// <param name="Role">What they may do. A higher role may do everything that a lower one may.</param>
    /// <param name="Broadcast">The right to write to all guests at once.</param>
    public sealed record Item(StaffId StaffId, TelegramId TelegramId, string FullName, StaffRole Role, bool Broadcast, DateTimeOffset AddedAt);

    internal static readonly Item Example = new(
        new StaffId(3), new TelegramId(2002), "Борис Котов", StaffRole.Manager, Broadcast: false, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero));

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(ListStaff))
        .WithSummary("Who works here, with their roles and rights")
        .WithExample(request: null, new Response([Example], Next: null));

    public static async Task<Ok<Response>> Handle(
        UsersDb db,
        CancellationToken ct,
        [OneOf("barista", "manager", "owner")] string? role = null,
        StaffId? after = null,
        [Range(1, 100)] int limit = 100)
    {
        StaffRole? wanted = role is null ? null : EnumText.Parse<StaffRole>(role);
        var staff = db.Staff.Where(member => member.RemovedAt == null && member.TelegramId != null);
        if (wanted is not null)
        {
            staff = staff.Where(member => member.StaffRole == wanted);
        }

        if (after is { } last)
        {
            staff = staff.Where(member => EF.Functions.GreaterThan(ValueTuple.Create(member.Id), ValueTuple.Create(last)));
        }

        var page = await staff
            .OrderBy(member => member.Id)
            .Take(limit + 1)
            .Select(member => new Item(member.Id, member.TelegramId!.Value, member.FullName, member.StaffRole, member.Broadcast, member.AddedAt))
            .ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit)], page.Count > limit ? page[limit - 1].StaffId : null));
    }
}
