using Platform.Contracts.Users;

namespace Platform.Users.Switches;

/// <summary>A feature that was switched at least once. Users owns it; the other services store copies.</summary>
internal sealed class FeatureSwitch
{
    public required string Feature { get; init; }

    public bool IsOn { get; private set; }

    /// <summary>Grows with each change, so that consumers know which of two events is newer.</summary>
    public long Version { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }

    public void Switch(bool isOn, DateTimeOffset at)
    {
        (IsOn, ChangedAt) = (isOn, at);
        Version++;
    }

    public FeatureSwitched ToEvent() => new() { Feature = Feature, IsOn = IsOn, SwitchedAt = ChangedAt, Version = Version };
}
