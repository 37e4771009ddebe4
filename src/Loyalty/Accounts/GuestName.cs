using Platform.Contracts;

namespace Platform.Loyalty.Accounts;

/// <summary>A copy of a person's name, updated by events from Users, so that staff see whom they are serving.</summary>
internal sealed class GuestName
{
    public required UserId UserId { get; init; }

    /// <summary>Null once the person is erased.</summary>
    public string? FullName { get; init; }

    /// <summary>Version of the person's state in this copy; older events are ignored.</summary>
    public required long Version { get; init; }

    /// <summary>When the person was erased. Later events are ignored, and the person gets no more codes or refunds.</summary>
    public DateTimeOffset? ErasedAt { get; init; }
}
