using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Loyalty.Orders;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Operations;

/// <summary>What a member of the staff did at the counter, in one list, with the totals of the period.</summary>
internal static class ListOperations
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    /// <param name="Totals">Of the whole period, whatever the page.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next, Totals Totals);

    /// <param name="Id">Of the order, refund, gift or adjustment.</param>
    /// <param name="Amount">Of an order its price before points, of a refund the money given back; null otherwise.</param>
    /// <param name="Points">Earned by an order, taken back by a refund (negative), or changed by an adjustment; null for gifts.</param>
    /// <param name="PointsSpent">Spent on an order, or given back by a refund (negative); null otherwise.</param>
    /// <param name="Title">Of a gift.</param>
    public sealed record Item(
        DateTimeOffset At, OperationKind Kind, long Id, Guest User, Money? Amount, Points? Points, Points? PointsSpent, string? Title);

    /// <param name="Orders">Placed in the period, refunded or not.</param>
    /// <param name="Revenue">Paid for them in money, minus the refunds made in the period.</param>
    /// <param name="PointsEarned">Earned by them, minus those that these refunds took back.</param>
    /// <param name="PointsSpent">Spent on them, minus those that these refunds returned.</param>
    public sealed record Totals(long Orders, Money Revenue, Points PointsEarned, Points PointsSpent, long GiftsIssued, long GiftsRedeemed);

    public sealed record Row(
        DateTimeOffset At,
        OperationKind Kind,
        long Id,
        StaffId StaffId,
        UserId UserId,
        string? Name,
        Money? Amount,
        Points? Points,
        Points? PointsSpent,
        string? Title);

    /// <summary>Ids of different kinds of operations, made unique: the cursor of a page holds one number.</summary>
    private const int Kinds = 8;

    private const string Me = "me";

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("What a member of the staff did, newest first, with the totals of the period")
        .WithDescription(
            "`staff` is `me`, the default, or for shift managers and owners anyone's id. From and to are days of the business, inclusive, or instants. "
            + "Pass `next` from a page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response(
            [
                new(new DateTimeOffset(2026, 1, 15, 9, 31, 0, TimeSpan.Zero), OperationKind.GiftRedeemed, 7, Guest.Example, null, null, null,
                    "Напиток на выбор"),
                new(new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), OperationKind.Order, 17, Guest.Example, new Money(1250), new Points(12),
                    Points.Zero, null),
            ],
            Next: null,
            new Totals(1, new Money(1250), new Points(12), Points.Zero, GiftsIssued: 0, GiftsRedeemed: 1)));

    public static async Task<Results<Ok<Response>, CsvFile<Row>, ProblemHttpResult>> Handle(
        Caller caller,
        NpgsqlDataSource database,
        BusinessClock wall,
        CancellationToken ct,
        [RegularExpression("^(me|[1-9][0-9]{0,17})$", ErrorMessage = "Send me, or the id of a member of the staff.")] string? staff = null,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        PageCursor? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        if (caller.StaffId is not { } self)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var whose = staff is null or Me ? self : StaffId.Parse(staff, provider: null);
        if (whose != self && !(caller.StaffRole >= StaffRole.Manager))
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        // Npgsql sends these two as -infinity and infinity.
        var start = from?.Start(wall).UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
        var end = to?.End(wall).UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
        if (format == "csv")
        {
            return new CsvFile<Row>("operations.csv", Rows(database, whose, start, end, ct));
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            {Sql};
            select orders, revenue, points_earned, points_spent, gifts_issued, gifts_redeemed from staff_totals(@staffId, @start, @end)
            """,
            Parameters(whose, start, end, after, limit + 1),
            cancellationToken: ct));
        var page = (await results.ReadAsync<Found>()).AsList();
        var totals = await results.ReadSingleAsync<FoundTotals>();
        return TypedResults.Ok(new Response(
            [.. page.Take(limit).Select(found => found.Item)],
            page.Count > limit ? new PageCursor(page[limit - 1].At, page[limit - 1].Key).ToString() : null,
            new Totals(totals.Orders, totals.Revenue, totals.PointsEarned, totals.PointsSpent, totals.GiftsIssued, totals.GiftsRedeemed)));
    }

    private static async IAsyncEnumerable<Row> Rows(
        NpgsqlDataSource database, StaffId staffId, DateTime start, DateTime end, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await foreach (var found in connection.QueryUnbufferedAsync<Found>(Sql, Parameters(staffId, start, end, after: null, limit: null)).WithCancellation(ct))
        {
            var item = found.Item;
            yield return new Row(
                item.At, item.Kind, item.Id, staffId, item.User.UserId, item.User.Name, item.Amount, item.Points, item.PointsSpent, item.Title);
        }
    }

    private static object Parameters(StaffId staffId, DateTime start, DateTime end, PageCursor? after, int? limit) => new
    {
        staffId = staffId.Value,
        start,
        end,
        lastAt = after?.At.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        lastKey = after?.Id ?? 0,
        limit,
    };

    /// <summary>Each kind is read from its own index, as many rows as the page has, and the newest of all are kept.</summary>
    private static readonly string Sql = $"""
        select found.at, found.kind, found.id, found.key, found.user_id, guest_names.full_name, found.amount, found.points, found.points_spent, found.title
        from (
                {Branch(OperationKind.Order, "orders", "placed_at", "staff_id", "amount", "points_earned", "points_spent", "null")}
                union all
                {Branch(OperationKind.Refund, "refunds", "refunded_at", "staff_id", "amount", "-points_taken_back", "-points_returned", "null")}
                union all
                {Branch(OperationKind.GiftIssued, "gifts", "issued_at", "issued_by", "null", "null", "null", "title")}
                union all
                {Branch(OperationKind.GiftRedeemed, "gifts", "redeemed_at", "redeemed_by", "null", "null", "null", "title")}
                union all
                {Branch(OperationKind.Adjustment, "adjustments", "adjusted_at", "staff_id", "null", "points", "null", "null")}
            ) found
            left join guest_names using (user_id)
        order by found.at desc, found.key desc
        limit @limit
        """;

    private static string Branch(OperationKind kind, string table, string at, string staff, string amount, string points, string spent, string title) => $"""
        (select {at} as at, '{EnumText.Of(kind)}' as kind, id, id * {Kinds} + {(int)kind} as key, user_id, {amount}::numeric as amount,
            {points}::bigint as points, {spent}::bigint as points_spent, {title}::text as title
        from {table}
        where {staff} = @staffId and {at} >= @start and {at} < @end and {at} <= @lastAt and ({at} < @lastAt or id * {Kinds} + {(int)kind} < @lastKey)
        order by {at} desc, id desc
        limit @limit)
        """;

    private sealed record Found
    {
        public required DateTimeOffset At { get; init; }

        public required string Kind { get; init; }

        public long Id { get; init; }

        public long Key { get; init; }

        public required UserId UserId { get; init; }

        public string? FullName { get; init; }

        public Money? Amount { get; init; }

        public Points? Points { get; init; }

        public Points? PointsSpent { get; init; }

        public string? Title { get; init; }

        public Item Item => new(At, EnumText.Parse<OperationKind>(Kind), Id, Guest.Of(UserId, FullName), Amount, Points, PointsSpent, Title);
    }

    private sealed record FoundTotals
    {
        public long Orders { get; init; }

        public Money Revenue { get; init; }

        public Points PointsEarned { get; init; }

        public Points PointsSpent { get; init; }

        public long GiftsIssued { get; init; }

        public long GiftsRedeemed { get; init; }
    }
}

public enum OperationKind
{
    Order,

    Refund,

    GiftIssued,

    GiftRedeemed,

    Adjustment,
}
