using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Notifications;
using Platform.Contracts.Users;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

/// <summary>Sends a text of the staff's own to one guest, or to all of them.</summary>
internal static class SendMessage
{
    private const string All = "all";

    /// <param name="MemberId">As it is written on the card, in any case.</param>
    /// <param name="Segment"><c>all</c>: needs the right to broadcast.</param>
    /// <param name="Text">Plain text; line breaks are kept.</param>
    public sealed record Request(
        [Required, StringLength(1000), NotBlank, RegularExpression(@"^[\P{Cc}\r\n\t]*\z")] string Text,
        UserId? UserId = null,
        [StringLength(36), PlainText] string? MemberId = null,
        [OneOf(All)] string? Segment = null);

    /// <param name="Recipients">
    /// How many guests a bot can write to now; of all guests, those who also want such messages. 0 for a guest who has not started the bot or has
    /// blocked it: the message waits for some minutes.
    /// </param>
    public sealed record Response(int Recipients);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Sends a message to one guest, or to all")
        .WithDescription(
            "Name one of `userId`, `memberId` and `segment`. A message to all guests needs the right to broadcast, is sent after everything else, "
            + "and skips those who have switched such messages off.")
        .WithExample(new Request("Ваш зонт ждёт вас у нас.", new UserId(5)), new Response(1))
        .Refuses(NotificationsErrors.RecipientAmbiguous, UsersErrors.UserNotFound);

    public static async Task<Results<Accepted<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, NotificationsDb db, NotificationQueue queue, Audit audit, IOptions<NotificationsOptions> options,
        TimeProvider clock, CancellationToken ct)
    {
        if (new object?[] { request.UserId, request.MemberId, request.Segment }.Count(named => named is not null) != 1)
        {
            return Problems.For(NotificationsErrors.RecipientAmbiguous);
        }

        if (request.Segment is not null && !caller.MayBroadcast)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var source = $"message:{Guid.CreateVersion7():N}";
        var parameters = new Parameters(options.Value.BusinessName is { Length: > 0 } name ? name : null, request.Text.ReplaceLineEndings("\n").Trim());
        // With an Idempotency-Key there already is a transaction, which ends with the answer.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        int recipients;
        string target;
        if (request.Segment is not null)
        {
            recipients = await queue.AddForAll(MessageTemplates.Broadcast, source, parameters, ct);
            target = $"segment:{All}";
        }
        else if (await Find(request, db, ct) is { } guest)
        {
            await queue.Add(guest, NotificationCategory.Transactional, MessageTemplates.StaffMessage, source, parameters, clock.GetUtcNow(), ct);
            recipients = await queue.CanReach(guest, MessageTemplates.StaffMessage, ct) ? 1 : 0;
            target = $"user:{guest}";
        }
        else
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        // Without the text, which may name people: the notifications have it until the person is erased.
        audit.Write(db, caller, "message.send", target, new { source, recipients });
        await db.SaveChangesAsync(ct);
        if (own is not null)
        {
            await own.CommitAsync(ct);
        }

        return TypedResults.Accepted((string?)null, new Response(recipients));
    }

    private static async Task<UserId?> Find(Request request, NotificationsDb db, CancellationToken ct)
    {
        var known = db.Contacts.Where(contact => !contact.Erased);
        if (request.UserId is { } userId)
        {
            return await known.AnyAsync(contact => contact.UserId == userId, ct) ? userId : null;
        }

        var memberId = Normalize(request.MemberId!);
        return await known.Where(contact => contact.MemberId == memberId).Select(contact => (UserId?)contact.UserId).FirstOrDefaultAsync(ct);
    }

    // By the rules of cards: any case, O for 0, I or L for 1, and spaces or hyphens anywhere.
    private static string Normalize(string typed)
    {
        var characters = string.Concat(typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit));
        var number = characters.StartsWith("MNT", StringComparison.Ordinal) ? characters[3..] : characters;
        return $"MNT-{number.Replace('O', '0').Replace('I', '1').Replace('L', '1')}";
    }

    private sealed record Parameters(string? Business, string Text);
}
