namespace Platform.Contracts.Notifications;

/// <summary>Errors that the notifications service returns.</summary>
public static class NotificationsErrors
{
    public static readonly ErrorCode NotificationNotFound = new("notification_not_found", 404,
        "There is no such notification.");

    public static readonly ErrorCode NotRetryable = new("not_retryable", 409,
        "Only a failed, suppressed or uncertain notification can be sent again, and none to an erased person.");

    public static readonly ErrorCode RecipientAmbiguous = new("recipient_ambiguous", 422,
        "Name one of userId, memberId and segment.");
}
