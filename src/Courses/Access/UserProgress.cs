using Platform.Contracts;

namespace Platform.Courses.Access;

/// <summary>How far a person has come with a lesson. It outlives his access: who comes back goes on where he was.</summary>
internal sealed class UserProgress
{
    public required UserId UserId { get; init; }

    public long Id { get; init; }

    public required LessonId LessonId { get; init; }

    public bool Completed { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Seconds.</summary>
    public int WatchTime { get; init; }
}
