namespace Platform.Contracts.Loyalty;

/// <summary>The management replied to a guest. Published once per reply, in the transaction that stored it.</summary>
/// <remarks>Consumers: notifications. Delivery is at least once and unordered: deduplicate on <see cref="ReplyId"/>.</remarks>
public sealed record ManagementReplied
{
    public required ReplyId ReplyId { get; init; }

    public required FeedbackId FeedbackId { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>The reply, as plain text.</summary>
    public required string Text { get; init; }

    /// <summary>The beginning of what the guest wrote, as plain text.</summary>
    public string? InReplyTo { get; init; }

    public required DateTimeOffset RepliedAt { get; init; }
}
