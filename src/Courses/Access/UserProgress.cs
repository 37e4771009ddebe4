using Platform.Contracts;

namespace Platform.Courses.Access;

/// <summary>A person's progress in a lesson. Kept after access ends, so a learner who returns continues where they left off.</summary>
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
