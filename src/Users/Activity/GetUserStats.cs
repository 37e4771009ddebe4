using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>Totals per person, in order of registration.</summary>
internal static class GetUserStats
{
    /// <param name="Next">Pass it as <c>after</c> to get the next page; null on the last page.</param>
    public sealed record Response(IReadOnlyList<Item> Items, UserId? Next);

    /// <param name="Channel">How they found the business; <c>unknown</c> when not given.</param>
    /// <param name="ReferralUserId">Who referred them; null for no one.</param>
    /// <param name="LastActive">Last day with any activity, in the time zone of the business; null for never.</param>
    /// <param name="Letters">Letters generated for them, not counting iterations.</param>
    /// <param name="Spent">Roubles paid for orders, less refunds.</param>
    public sealed record Item(
        UserId UserId,
        DateTimeOffset RegisteredAt,
        string Channel,
        UserId? ReferralUserId,
        DateOnly? LastActive,
        long Orders,
        long Lessons,
        long Letters,
        Money Spent);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetUserStats))
        .WithSummary("Totals per person, oldest first")
        .WithDescription("Pass `next` from a page as `after` to get the following one.")
        .WithExample(request: null, new Response(
            [new(new UserId(5), new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), "instagram", new UserId(3), new DateOnly(2026, 2, 11),
                Orders: 14, Lessons: 3, Letters: 2, new Money(5630.50m))],
            Next: new UserId(5)));

    public static async Task<Ok<Response>> Handle(UsersDb db, CancellationToken ct, UserId? after = null, [Range(1, 100)] int limit = 50)
    {
        var from = after?.Value ?? 0;
        var page = await db.Rows<UserStats>($"where user_id > {from}")
            .OrderBy(row => row.UserId)
            .Take(limit + 1)
            .Select(row => new Item(
                row.UserId, row.RegisteredAt, row.Channel, row.ReferralUserId, row.LastActive, row.Orders, row.Lessons, row.Letters, row.Spent))
            .ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit)], page.Count > limit ? page[limit - 1].UserId : null));
    }
}
