using Platform.Contracts;

namespace Platform.Courses.Access;

/// <summary>A period in which a person has, or had, access to a course. Of one course nobody has two at a time; those that ended are kept.</summary>
internal sealed class UserCourse
{
    /// <summary>Given by the database; the later of two periods has the higher one.</summary>
    public CourseAccessId Id { get; init; }

    public required UserId UserId { get; init; }

    public required CourseId CourseId { get; init; }

    public required AccessSource Source { get; init; }

    /// <summary>When access was given, whether it was paid for or not.</summary>
    public required DateTimeOffset PurchasedAt { get; init; }

    /// <summary>When it ends by itself; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Set by a refund, an erasure, or the next period. Null does not say that it is live: one that has expired is over
    /// whether or not somebody has noted it yet.
    /// </summary>
    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public bool IsCompleted { get; init; }

    public bool IsLiveAt(DateTimeOffset now) => EndedAt is null && (ExpiresAt is null || ExpiresAt > now);
}
