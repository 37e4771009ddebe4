namespace Platform.Contracts.Courses;

/// <summary>
/// What a course costs now, and whether it is offered: published when it is made, with each change of that, and by
/// <c>resync</c>.
/// </summary>
/// <remarks>
/// No consumer yet; billing will take payments by it. Delivery is at least once and unordered: upsert by <see cref="CourseId"/>
/// where the stored version is lower.
/// </remarks>
public sealed record CoursePriced
{
    public required CourseId CourseId { get; init; }

    /// <summary>As it stands on a receipt.</summary>
    public required string Title { get; init; }

    /// <summary>Zero for a course that people enrol in without paying.</summary>
    public required Money Price { get; init; }

    /// <summary>Whether it may be sold: a course that was withdrawn stays with those who have it.</summary>
    public required bool Offered { get; init; }

    public required DateTimeOffset PricedAt { get; init; }

    /// <summary>Version of the course, growing with each change.</summary>
    public required long Version { get; init; }
}
