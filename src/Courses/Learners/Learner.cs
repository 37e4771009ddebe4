using Platform.Contracts;

namespace Platform.Courses.Learners;

/// <summary>What this service needs to know of a person: its own copy, kept by the events of users.</summary>
internal sealed class Learner
{
    public required UserId UserId { get; init; }

    public TelegramId? TelegramId { get; init; }

    /// <summary>Empty once the person is erased.</summary>
    public required string FullName { get; init; }

    public string? City { get; init; }

    /// <summary>Version of the person's state that this copy shows; events that are older change nothing.</summary>
    public required long Version { get; init; }

    /// <summary>He asked to be forgotten: no late event brings his data back, and he gets no access any more.</summary>
    public bool Erased { get; init; }
}
