using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>This service's copy of a person's name, kept by the events of users, so that the counter knows who stands before it.</summary>
internal sealed class GuestName
{
    public required UserId UserId { get; init; }

    /// <summary>Null once the person is erased.</summary>
    public string? FullName { get; init; }

    /// <summary>Version of the person's state that this copy shows; events that are older change nothing.</summary>
    public required long Version { get; init; }

    /// <summary>The person asked to be forgotten: no late event brings them back, and they get no code and no refund any more.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
