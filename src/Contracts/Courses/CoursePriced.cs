namespace Platform.Contracts.Courses;

/// <summary>
/// A course's current title, price and whether it is offered. Published when the course is created, when one of these changes,
/// and by <c>resync</c>.
/// </summary>
/// <remarks>
/// No consumer yet; meant for billing. Delivery is at least once and unordered: upsert by <see cref="CourseId"/>
/// where the stored version is lower.
/// </remarks>
public sealed record CoursePriced
{
    public required CourseId CourseId { get; init; }

    /// <summary>Title to print on a receipt.</summary>
    public required string Title { get; init; }

    /// <summary>Zero for a free course.</summary>
    public required Money Price { get; init; }

    /// <summary>Whether it may be sold. A withdrawn course stays open to those who have access.</summary>
    public required bool Offered { get; init; }

    public required DateTimeOffset PricedAt { get; init; }

    /// <summary>Version of the course, growing with each change.</summary>
    public required long Version { get; init; }
}
