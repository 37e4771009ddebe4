using Platform.Contracts;

namespace Platform.Billing.Operations;

/// <summary>A line of the rate card: what credits are charged for, and how many. Exactly one of the prices is there.</summary>
internal sealed class Operation
{
    public required string Name { get; init; }

    /// <summary>Credits each time.</summary>
    public Money? Price { get; init; }

    /// <summary>Credits for each 1 000 tokens that went in or came out; the whole is rounded up to 0.01.</summary>
    public Money? PricePer1000Tokens { get; init; }
}
