namespace Platform.Contracts.Courses;

/// <summary>A learner completed a lesson. Published once per person and lesson.</summary>
/// <remarks>
/// Consumers: users (counts active people). Delivery is at least once and unordered: deduplicate on <see cref="UserId"/> and
/// <see cref="LessonId"/>.
/// </remarks>
public sealed record LessonCompleted
{
    public required UserId UserId { get; init; }

    public required CourseId CourseId { get; init; }

    public required LessonId LessonId { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }
}
