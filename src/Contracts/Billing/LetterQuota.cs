namespace Platform.Contracts.Billing;

/// <summary>The letters that a person's plan allows, and how many are left.</summary>
/// <param name="Plan">Key of the plan: <c>free</c>, <c>basic</c> or <c>pro</c>.</param>
/// <param name="Used">Letters in this period.</param>
/// <param name="Left">Letters that may still be written in this period.</param>
/// <param name="IterationsPerLetter">How often one letter may be rewritten.</param>
/// <param name="RenewsAt">When the next period begins.</param>
public sealed record LetterQuota(string Plan, int LettersPerPeriod, int Used, int Left, int IterationsPerLetter, DateTimeOffset RenewsAt);
