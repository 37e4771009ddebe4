namespace Platform.Contracts.Notifications;

/// <summary>What the notifications service refuses, and why.</summary>
public static class NotificationsErrors
{
    public static readonly ErrorCode NotificationNotFound = new("notification_not_found", 404,
        "There is no such notification.");

    public static readonly ErrorCode NotRetryable = new("not_retryable", 409,
        "Only what failed, was suppressed or is uncertain can be sent again, and nothing to a person who was erased.");
}
