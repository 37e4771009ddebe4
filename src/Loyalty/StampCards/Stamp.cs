using Platform.Contracts;

namespace Platform.Loyalty.StampCards;

/// <summary>An order counted on a card.</summary>
internal sealed class Stamp
{
    public required UserId UserId { get; init; }

    public required StampCardId CardId { get; init; }

    public required OrderId OrderId { get; init; }

    public required DateTimeOffset At { get; init; }
}
