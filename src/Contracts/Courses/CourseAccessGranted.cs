namespace Platform.Contracts.Courses;

/// <summary>A person got access to a course. Published once per period of access, in the transaction that starts it.</summary>
/// <remarks>No consumer yet. Delivery is at least once and unordered: deduplicate on <see cref="AccessId"/>.</remarks>
public sealed record CourseAccessGranted
{
    public required CourseAccessId AccessId { get; init; }

    public required UserId UserId { get; init; }

    public required CourseId CourseId { get; init; }

    /// <summary>The course's title at that moment.</summary>
    public required string Title { get; init; }

    /// <summary>Why access was given: <c>payment</c>, <c>free</c>, <c>gift</c> or <c>admin</c>.</summary>
    public required string Source { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>When access expires; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
