namespace Platform.Contracts.Letters;

/// <summary>A letter was written for a person: the first version of a session's letter, not its iterations.</summary>
/// <remarks>Consumers: users (who is active). Delivery is at least once and unordered: deduplicate on <see cref="SessionId"/>.</remarks>
public sealed record LetterGenerated
{
    public required LetterSessionId SessionId { get; init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }
}
