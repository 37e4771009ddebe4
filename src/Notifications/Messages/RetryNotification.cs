using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Notifications;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

/// <summary>Sends once more what was not sent, or perhaps was: the decision that the sender leaves to a person.</summary>
internal static class RetryNotification
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        NotificationId id, Caller caller, NotificationsDb db, NotificationQueue queue, Audit audit, CancellationToken ct)
    {
        // With an Idempotency-Key there is a transaction already, which ends with the answer.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (await queue.PutBack(id, ct) is not { } before)
        {
            return Problems.For(await db.Notifications.AnyAsync(notification => notification.Id == id, ct)
                ? NotificationsErrors.NotRetryable
                : NotificationsErrors.NotificationNotFound);
        }

        audit.Write(db, caller, "notification.retry", $"notification:{id}", new { before });
        await db.SaveChangesAsync(ct);
        if (own is not null)
        {
            await own.CommitAsync(ct);
        }

        return TypedResults.NoContent();
    }

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Sends a notification once more")
        .WithDescription("For one that failed, was suppressed, or is uncertain: an uncertain one may have arrived, and then the person gets it twice.")
        .Refuses(NotificationsErrors.NotificationNotFound, NotificationsErrors.NotRetryable);
}
