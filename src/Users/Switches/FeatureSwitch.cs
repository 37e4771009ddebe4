using Platform.Contracts.Users;

namespace Platform.Users.Switches;

/// <summary>One feature that was switched at least once. Users owns it; the other services hold copies.</summary>
internal sealed class FeatureSwitch
{
    /// <summary>One of <see cref="Features"/>.</summary>
    public required string Feature { get; init; }

    public bool IsOn { get; private set; }

    /// <summary>Grows with each change, so that whoever is told of two changes knows the newer one.</summary>
    public long Version { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    public void Switch(bool isOn, DateTimeOffset at)
    {
        (IsOn, ChangedAt) = (isOn, at);
        Version++;
    }

    /// <summary>What the others are told of it, as it is now.</summary>
    public FeatureSwitched Switched() => new() { Feature = Feature, IsOn = IsOn, SwitchedAt = ChangedAt, Version = Version };
}
