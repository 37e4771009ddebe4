using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>What people do, day by day.</summary>
internal static class GetActivity
{
    private const int UsualDays = 30;
    private const int MostDays = 92;

    /// <param name="Items">A day of which nothing is known has none.</param>
    public sealed record Response(DateOnly From, DateOnly To, IReadOnlyList<Item> Items);

    /// <param name="People">Who did it at least once on this day.</param>
    /// <param name="Count">How often it was done.</param>
    /// <param name="Spent">Roubles paid for orders, less what was given back on this day; so it may be below zero.</param>
    public sealed record Item(DateOnly Day, ActivityKind Kind, long People, long Count, Money Spent);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetActivity))
        .WithSummary("How many people did what on which day")
        .WithDescription("From and to are days by the clock of the business, at most 92 with both of them; without them, the last 30 days.")
        .WithExample(request: null, new Response(
            new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 31),
            [new(new DateOnly(2026, 1, 15), ActivityKind.Order, People: 118, Count: 131, new Money(48760))]))
        .Refuses(UsersErrors.PeriodInvalid);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        UsersDb db, WallClock wall, TimeProvider clock, CancellationToken ct, DateOnly? from = null, DateOnly? to = null)
    {
        if (Period.Of(from, to, wall.DayOf(clock.GetUtcNow()), UsualDays, MostDays) is not { } period)
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
