using Platform.Contracts;

namespace Platform.Courses.Learners;

/// <summary>This service's copy of a person, built from the events of users.</summary>
internal sealed class Learner
{
    public required UserId UserId { get; init; }

    public TelegramId? TelegramId { get; init; }

    /// <summary>Empty once the person is erased.</summary>
    public required string FullName { get; init; }

    public string? City { get; init; }

    /// <summary>Version of the person's state in this copy; older events are ignored.</summary>
    public required long Version { get; init; }

    /// <summary>Set for good: later events restore nothing, and no access is given.</summary>
    public bool Erased { get; init; }
}
