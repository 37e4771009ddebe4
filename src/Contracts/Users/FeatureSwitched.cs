namespace Platform.Contracts.Users;

/// <summary>An admin switched a feature on or off, for the whole platform.</summary>
/// <remarks>
/// Consumers: bots (hide what is off). Delivery is at least once and unordered: upsert by <see cref="Feature"/> where the stored version
/// is lower. A feature is off until the first event about it.
/// </remarks>
public sealed record FeatureSwitched
{
    /// <summary>One of <see cref="Features"/>.</summary>
    public required string Feature { get; init; }

    public required bool IsOn { get; init; }

    public required DateTimeOffset SwitchedAt { get; init; }

    /// <summary>Version of this feature's switch, growing with each change.</summary>
    public required long Version { get; init; }
}
