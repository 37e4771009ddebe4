using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>
/// A copy of what the counter needs to know of a person, updated by events from Users: whom staff are serving, by what they find them, and
/// which bonuses are due.
/// </summary>
internal sealed class GuestName
{
    public required UserId UserId { get; init; }

    /// <summary>Null once the person is erased.</summary>
    public string? FullName { get; init; }

    /// <summary>Number of the member card; null until there is one.</summary>
    public string? MemberId { get; init; }

    /// <summary>The last four digits of the phone.</summary>
    public string? PhoneLast4 { get; init; }

    public DateOnly? BirthDate { get; init; }

    /// <summary>Null, as the one below, for guests of whom no event has come since this is stored.</summary>
    public bool? PhoneVerified { get; init; }

    /// <summary>Another person had the same phone before.</summary>
    public bool? PhoneSeenBefore { get; init; }

    /// <summary>Version of the person's state in this copy; older events are ignored.</summary>
    public required long Version { get; init; }

    /// <summary>When the person was erased. Later events are ignored, and the person gets no more codes or refunds.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
