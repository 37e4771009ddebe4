namespace Platform.Contracts;

/// <summary>An error that callers can rely on.</summary>
/// <param name="Code">Stable and machine-readable, in snake_case: clients switch on it, so its meaning never changes.</param>
/// <param name="Status">HTTP status of the response.</param>
/// <param name="Detail">What the caller can do about it, in a sentence or two.</param>
public sealed record ErrorCode(string Code, int Status, string Detail);
