using Platform.Contracts;

namespace Platform.Billing.Operations;

/// <summary>A line of the rate card. Exactly one of the two prices is set.</summary>
internal sealed class Operation
{
    public required string Name { get; init; }

    /// <summary>Credits per operation.</summary>
    public Money? Price { get; init; }

    /// <summary>Credits per 1 000 input and output tokens. The total is rounded up to 0.01.</summary>
    public Money? PricePer1000Tokens { get; init; }
}
