using Platform.Contracts;

namespace Platform.Courses.Access;

/// <summary>A period in which a person has or had access to a course. At most one per person and course is live; ended ones are kept.</summary>
internal sealed class UserCourse
{
    /// <summary>Assigned by the database; later periods have higher ids.</summary>
    public CourseAccessId Id { get; init; }

    public required UserId UserId { get; init; }

    public required CourseId CourseId { get; init; }

    public required AccessSource Source { get; init; }

    /// <summary>When access was given, paid for or not.</summary>
    public required DateTimeOffset PurchasedAt { get; init; }

    /// <summary>When access expires; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Set by a refund, an erasure or the next period. Null does not mean live: access may have expired, see <see cref="IsLiveAt"/>.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public bool IsCompleted { get; init; }

    public bool IsLiveAt(DateTimeOffset now) => EndedAt is null && (ExpiresAt is null || ExpiresAt > now);
}
