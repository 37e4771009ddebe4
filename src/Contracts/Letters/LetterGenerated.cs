namespace Platform.Contracts.Letters;

/// <summary>A letter was generated for a person. Counts the first version in a session, not later iterations.</summary>
/// <remarks>Consumers: users (counts active people). Delivery is at least once and unordered: deduplicate on <see cref="SessionId"/>.</remarks>
public sealed record LetterGenerated
{
    public required LetterSessionId SessionId { get; init; }

    public required UserId UserId { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }
}
