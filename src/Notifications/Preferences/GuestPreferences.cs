using Platform.Contracts;

namespace Platform.Notifications.Preferences;

/// <summary>Which messages a person wants. No row means all of them; messages about orders, gifts and replies cannot be switched off.</summary>
internal sealed class GuestPreferences
{
    public required UserId UserId { get; init; }

    public required bool Marketing { get; init; }

    public required bool Reminders { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
