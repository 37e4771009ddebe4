namespace Platform.Contracts;

/// <summary>A refusal that callers can rely on.</summary>
/// <param name="Code">Stable and machine-readable, in snake_case: clients switch on it, so it never changes its meaning.</param>
/// <param name="Status">The HTTP status that it is answered with.</param>
/// <param name="Detail">What the person can do about it, in a sentence.</param>
public sealed record ErrorCode(string Code, int Status, string Detail);
