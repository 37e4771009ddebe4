using Platform.Contracts;

namespace Platform.Loyalty.Feedback;

/// <summary>What a guest told the management. An erasure removes the text; a rating stays.</summary>
internal sealed class FeedbackEntry
{
    public FeedbackId Id { get; private init; }

    public required FeedbackKind Kind { get; init; }

    public required UserId UserId { get; init; }

    /// <summary>From 1 to 10; null unless it is a review.</summary>
    public short? Rating { get; private set; }

    /// <summary>Null for a rating alone, and once the guest is erased.</summary>
    public string? Text { get; private set; }

    /// <summary>Where the order was placed that it is about, or else the guest's last one on the days before; null when there was none.</summary>
    public string? ShopId { get; init; }

    /// <summary>The order that a review is about; null when it is about none in particular.</summary>
    public OrderId? OrderId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Write(short? rating, string? text) => (Rating, Text) = (rating, text);
}

public enum FeedbackKind
{
    Review,

    Idea,

    Message,
}

/// <summary>What the management replied to a guest.</summary>
internal sealed class Reply
{
    public ReplyId Id { get; private init; }

    public required FeedbackId FeedbackId { get; init; }

    public required StaffId StaffId { get; init; }

    /// <summary>Null once the guest is erased.</summary>
    public required string? Text { get; init; }

    public required DateTimeOffset At { get; init; }
}
