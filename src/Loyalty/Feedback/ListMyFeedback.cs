using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Feedback;

internal static class ListMyFeedback
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, FeedbackId? Next);

    /// <param name="Replies">Oldest first.</param>
    public sealed record Item(
        FeedbackId FeedbackId, FeedbackKind Kind, int? Rating, string? Text, OrderId? OrderId, DateTimeOffset CreatedAt, IReadOnlyList<Answer> Replies);

    public sealed record Answer(string? Text, DateTimeOffset At);

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("The caller's reviews, ideas and messages with the replies, newest first")
        .WithExample(request: null, new Response(
            [
                new(FeedbackSent.Example.FeedbackId, FeedbackKind.Message, Rating: null, "Забыл у вас зонт, синий. Не находили?", OrderId: null, At,
                    [new("Зонт у нас, на Мира, 5. Заходите!", At.AddHours(1))]),
            ],
            Next: null));

    public static async Task<Ok<Response>> Handle(
        Caller caller, LoyaltyDb db, CancellationToken ct, FeedbackId? after = null, [Range(1, 100)] int limit = 50)
    {
        var userId = caller.UserId;
        var mine = db.Set<FeedbackEntry>().Where(entry => entry.UserId == userId);
        if (after is { } last)
        {
            mine = mine.Where(entry => EF.Functions.LessThan(ValueTuple.Create(entry.Id), ValueTuple.Create(last)));
        }

        var page = await ListFeedback.Read(db, mine, limit + 1).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit).Select(entry => new Item(
                entry.FeedbackId, entry.Kind, entry.Rating, entry.Text, entry.OrderId, entry.CreatedAt,
                [.. entry.Replies.Select(reply => new Answer(reply.Text, reply.At))]))],
            page.Count > limit ? page[limit - 1].FeedbackId : null));
    }
}
