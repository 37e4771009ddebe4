namespace Platform.Contracts.Loyalty;

/// <summary>A guest sent a review, an idea or a message to the management. Published once, in the transaction that stored it.</summary>
/// <remarks>Delivery is at least once and unordered: deduplicate on <see cref="FeedbackId"/>.</remarks>
public sealed record FeedbackReceived
{
    public required FeedbackId FeedbackId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary><c>review</c>, <c>idea</c> or <c>message</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>From 1 to 10; null unless it is a review.</summary>
    public int? Rating { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }
}
