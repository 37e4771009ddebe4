using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Notifications;
using Platform.Notifications.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Notifications.Messages;

/// <summary>Resends a notification that was not sent, or may have been: a decision that is left to a person.</summary>
internal static class RetryNotification
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        NotificationId id, Caller caller, NotificationsDb db, NotificationQueue queue, Audit audit, CancellationToken ct)
    {
        // With an Idempotency-Key there already is a transaction, which ends with the answer.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(ct) : null;
        if (await queue.Requeue(id, ct) is not { } before)
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
        .WithSummary("Resends a notification")
        .WithDescription("Only for failed, suppressed and uncertain notifications. An uncertain one may have arrived, and the person then gets it twice.")
        .Refuses(NotificationsErrors.NotificationNotFound, NotificationsErrors.NotRetryable);
}
