using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

internal static class GetActivity
{
    private const int DefaultDays = 30;
    private const int MaxDays = 92;

    /// <param name="Items">A day without activity has no items.</param>
    public sealed record Response(DateOnly From, DateOnly To, IReadOnlyList<Item> Items);

    /// <param name="People">How many people did it at least once on this day.</param>
    /// <param name="Spent">Roubles paid for orders, less refunds made on this day; may be negative.</param>
    public sealed record Item(DateOnly Day, ActivityKind Kind, long People, long Count, Money Spent);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetActivity))
        .WithSummary("Activity by day and kind")
        .WithDescription("From and to are days in the time zone of the business, inclusive, at most 92 days. Default: the last 30 days.")
        .WithExample(request: null, new Response(
            new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31),
            [new(new DateOnly(2026, 1, 15), ActivityKind.Order, People: 118, Count: 131, new Money(48760))]))
        .Refuses(UsersErrors.PeriodInvalid);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        UsersDb db, BusinessClock wall, TimeProvider clock, CancellationToken ct, DateOnly? from = null, DateOnly? to = null)
    {
        if (Period.Resolve(from, to, wall.DayOf(clock.GetUtcNow()), DefaultDays, MaxDays) is not { } period)
        {
            return Problems.For(UsersErrors.PeriodInvalid);
        }

        var items = await db.Set<UserActivity>()
            .Where(row => row.Day >= period.From && row.Day <= period.To)
            .OrderBy(row => row.Day).ThenBy(row => row.Kind)
            .Select(row => new Item(row.Day, row.Kind, row.People, row.Count, row.Spent))
            .ToListAsync(ct);
        return TypedResults.Ok(new Response(period.From, period.To, items));
    }
}
