using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Shifts;

internal static class ListShifts
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<ShiftView> Items, ShiftId? Next);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Shifts with their totals, the last opened first")
        .WithDescription(
            "Baristas see their own, shift managers and owners all. From and to are days of the business, inclusive, or instants, and apply to when "
            + "a shift was opened. Pass `next` from a page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response([ShiftView.Example], Next: null));

    public static async Task<Results<Ok<Response>, CsvFile<ShiftView>>> Handle(
        Caller caller,
        NpgsqlDataSource database,
        BusinessClock wall,
        CancellationToken ct,
        StaffId? staffId = null,
        [StringLength(64), PlainText] string? shopId = null,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        ShiftId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        var filter = new
        {
            self = caller.StaffRole >= StaffRole.Manager ? (long?)null : caller.StaffId?.Value ?? 0,
            staffId = staffId?.Value,
            shopId,
            from = from?.Start(wall),
            to = to?.End(wall),
            after = format == "csv" ? null : after?.Value,
            limit = format == "csv" ? (int?)null : limit + 1,
        };
        if (format == "csv")
        {
            return new CsvFile<ShiftView>("shifts.csv", Rows(database, filter, ct));
        }

        var page = await Rows(database, filter, ct).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit)], page.Count > limit ? page[limit - 1].ShiftId : null));
    }

    private static async IAsyncEnumerable<ShiftView> Rows(NpgsqlDataSource database, object filter, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = connection.QueryUnbufferedAsync<ShiftView.Row>(
            $"""
            {ShiftView.Sql}
            where (@self::bigint is null or shift.staff_id = @self) and (@staffId::bigint is null or shift.staff_id = @staffId)
                and (@shopId::text is null or shift.shop_id = @shopId)
                and (@from::timestamptz is null or shift.opened_at >= @from) and (@to::timestamptz is null or shift.opened_at < @to)
                and (@after::bigint is null or shift.id < @after)
            order by shift.id desc limit @limit
            """,
            filter);
        await foreach (var row in rows.WithCancellation(ct))
        {
            yield return row.View;
        }
    }
}
