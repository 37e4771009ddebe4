using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Database;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.Loyalty.Feedback;

internal static class ListFeedback
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, FeedbackId? Next);

    /// <param name="Rating">From 1 to 10; null unless it is a review.</param>
    /// <param name="Text">Null for a rating alone, and once the guest is erased.</param>
    /// <param name="ShopId">Shop of the order that it is about, or else of the guest's last order on the day before.</param>
    /// <param name="Replies">Oldest first.</param>
    public sealed record Item(
        FeedbackId FeedbackId,
        FeedbackKind Kind,
        Guest User,
        int? Rating,
        string? Text,
        string? ShopId,
        OrderId? OrderId,
        DateTimeOffset CreatedAt,
        IReadOnlyList<Answer> Replies);

    public sealed record Answer(ReplyId ReplyId, string? Text, DateTimeOffset At, StaffId StaffId);

    /// <param name="LastReply">Null when there is none.</param>
    public sealed record Row(
        FeedbackId FeedbackId,
        DateTimeOffset CreatedAt,
        FeedbackKind Kind,
        UserId UserId,
        string? Name,
        int? Rating,
        string? Text,
        string? ShopId,
        OrderId? OrderId,
        int Replies,
        string? LastReply);

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Reviews, ideas and messages of guests, newest first")
        .WithDescription(
            "`unanswered=true` leaves out what has a reply, `below=7` all but reviews with a lower rating. From and to are days of the business, "
            + "inclusive, or instants. Pass `next` from a page as `after` to get the following one. `format=csv` answers the whole list as a file.")
        .WithExample(request: null, new Response(
            [
                new(FeedbackSent.Example.FeedbackId, FeedbackKind.Review, Guest.Example, 6, "Кофе отличный, но музыка громкая", "main-street",
                    new OrderId(17), At, [new(new ReplyId(8), "Спасибо! Сделали тише.", At.AddHours(1), new StaffId(3))]),
            ],
            Next: null));

    public static async Task<Results<Ok<Response>, CsvFile<Row>>> Handle(
        LoyaltyDb db,
        BusinessClock wall,
        CancellationToken ct,
        [OneOf("review", "idea", "message")] string? kind = null,
        bool? unanswered = null,
        [Range(1, 11)] int? below = null,
        [StringLength(64), PlainText] string? shopId = null,
        UserId? userId = null,
        PeriodEdge? from = null,
        PeriodEdge? to = null,
        FeedbackId? after = null,
        [Range(1, 100)] int limit = 50,
        [OneOf("json", "csv")] string? format = null)
    {
        var entries = db.Set<FeedbackEntry>().AsQueryable();
        if (kind is not null)
        {
            var wanted = EnumText.Parse<FeedbackKind>(kind);
            entries = entries.Where(entry => entry.Kind == wanted);
        }

        if (unanswered is { } isUnanswered)
        {
            entries = entries.Where(entry => db.Set<Reply>().Any(reply => reply.FeedbackId == entry.Id) != isUnanswered);
        }

        if (below is not null)
        {
            entries = entries.Where(entry => entry.Rating < below);
        }

        if (shopId is not null)
        {
            entries = entries.Where(entry => entry.ShopId == shopId);
        }

        if (userId is not null)
        {
            entries = entries.Where(entry => entry.UserId == userId);
        }

        if (from?.Start(wall) is { } start)
        {
            entries = entries.Where(entry => entry.CreatedAt >= start);
        }

        if (to?.End(wall) is { } end)
        {
            entries = entries.Where(entry => entry.CreatedAt < end);
        }

        if (format == "csv")
        {
            return new CsvFile<Row>("feedback.csv", Read(db, entries, limit: null).Select(RowOf));
        }

        if (after is { } last)
        {
            entries = entries.Where(entry => EF.Functions.LessThan(ValueTuple.Create(entry.Id), ValueTuple.Create(last)));
        }

        var page = await Read(db, entries, limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response([.. page.Take(limit)], page.Count > limit ? page[limit - 1].FeedbackId : null));
    }

    /// <summary>Newest first, with their replies.</summary>
    internal static IAsyncEnumerable<Item> Read(LoyaltyDb db, IQueryable<FeedbackEntry> entries, int? limit)
    {
        IQueryable<FeedbackEntry> page = entries.OrderByDescending(entry => entry.Id);
        return (limit is { } most ? page.Take(most) : page)
            .OrderByDescending(entry => entry.Id)
            .Select(entry => new
            {
                Entry = entry,
                Name = db.Set<GuestName>().Where(guest => guest.UserId == entry.UserId).Select(guest => guest.FullName).SingleOrDefault(),
                Replies = db.Set<Reply>().Where(reply => reply.FeedbackId == entry.Id).OrderBy(reply => reply.Id).ToList(),
            })
            .AsNoTracking()
            .AsAsyncEnumerable()
            .Select(row => new Item(
                row.Entry.Id, row.Entry.Kind, Guest.Of(row.Entry.UserId, row.Name), row.Entry.Rating, row.Entry.Text, row.Entry.ShopId, row.Entry.OrderId,
                row.Entry.CreatedAt, [.. row.Replies.Select(reply => new Answer(reply.Id, reply.Text, reply.At, reply.StaffId))]));
    }

    private static Row RowOf(Item item) => new(
        item.FeedbackId, item.CreatedAt, item.Kind, item.User.UserId, item.User.Name, item.Rating, item.Text, item.ShopId, item.OrderId,
        item.Replies.Count, item.Replies is [.., var last] ? last.Text : null);
}
