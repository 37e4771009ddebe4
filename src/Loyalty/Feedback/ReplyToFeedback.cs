using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Feedback;

/// <summary>Replies to a guest: the reply reaches their chat.</summary>
internal static class ReplyToFeedback
{
    /// <summary>Leaves room in a message of Telegram for the beginning of what the guest wrote.</summary>
    private const int MaxReply = 3000;

    /// <summary>Visible characters of what the guest wrote that the reply quotes.</summary>
    private const int QuotedLength = 200;

    public sealed record Request([Required, StringLength(MaxReply, MinimumLength = 1), NotBlank, FeedbackText] string Text);

    public sealed record Response(ReplyId ReplyId, FeedbackId FeedbackId, DateTimeOffset At);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replies to a review, an idea or a message of a guest")
        .WithExample(
            new Request("Зонт у нас, на Мира, 5. Заходите!"),
            new Response(new ReplyId(8), FeedbackSent.Example.FeedbackId, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero)))
        .Refuses(LoyaltyErrors.FeedbackNotFound, LoyaltyErrors.GuestErased);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        FeedbackId id, Request request, Caller caller, LoyaltyDb db, Outbox outbox, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        await using var transaction = await db.Join(ct);
        // An erasure locks the account too: either it removes this reply, or it is seen here.
        await db.Database.ExecuteSqlAsync(
            $"select from accounts where user_id = (select user_id from feedback where id = {id.Value}) for no key update", ct);
        var found = await db.Set<FeedbackEntry>()
            .Where(entry => entry.Id == id)
            .Select(entry => new { Entry = entry, Guest = db.Set<GuestName>().SingleOrDefault(guest => guest.UserId == entry.UserId) })
            .AsNoTracking()
            .SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return Problems.For(LoyaltyErrors.FeedbackNotFound);
        }

        if (found.Guest?.ErasedAt is not null)
        {
            return Problems.For(LoyaltyErrors.GuestErased);
        }

        var (now, text) = (clock.GetUtcNow(), request.Text.Trim());
        var reply = new Reply { FeedbackId = id, StaffId = staffId, Text = text, At = now };
        db.Add(reply);
        await db.SaveChangesAsync(ct);
        audit.Write(db, caller, "feedback.reply", $"feedback:{id}", new { replyId = reply.Id });
        outbox.Add(new ManagementReplied
        {
            ReplyId = reply.Id,
            FeedbackId = id,
            UserId = found.Entry.UserId,
            Text = text,
            InReplyTo = Beginning(found.Entry.Text),
            RepliedAt = now,
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Created((string?)null, new Response(reply.Id, id, now));
    }

    // One visible letter may be several chars.
    private static string? Beginning(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var letters = StringInfo.ParseCombiningCharacters(text);
        return letters.Length <= QuotedLength ? text : $"{text[..letters[QuotedLength]].TrimEnd()}…";
    }
}
