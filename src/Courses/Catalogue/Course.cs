using Platform.Contracts;
using Platform.Contracts.Courses;

namespace Platform.Courses.Catalogue;

/// <summary>A course in the catalogue. Never deleted: people may have bought it.</summary>
internal sealed class Course
{
    /// <summary>Assigned by the database.</summary>
    public CourseId Id { get; init; }

    public required string Title { get; set; }

    public required string Description { get; set; }

    public string? FullDescription { get; set; }

    /// <summary>Slug of its category.</summary>
    public required string Category { get; set; }

    public string? CoverImageUrl { get; set; }

    public bool IsTop { get; set; }

    public Money Price { get; set; }

    public int? DurationHours { get; set; }

    /// <summary>Days of access from the moment it is given; null for unlimited.</summary>
    public int? AccessDays { get; set; }

    /// <summary>Whether it is offered: listed and open to new learners.</summary>
    public bool IsActive { get; set; }

    /// <summary>Grows with each change; orders this course's events.</summary>
    public long Version { get; private set; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public bool IsFree => Price == Money.Zero;

    public static Course Create(CourseContent content, DateTimeOffset now)
    {
        var course = new Course { Title = "", Description = "", Category = "", CreatedAt = now, UpdatedAt = now };
        course.Apply(content);
        return course;
    }

    /// <returns>Whether the contents of <see cref="ToPricedEvent"/> changed.</returns>
    public bool Change(CourseContent content, DateTimeOffset now)
    {
        var before = (Title, Price, IsActive);
        Apply(content);
        (Version, UpdatedAt) = (Version + 1, now);
        return before != (Title, Price, IsActive);
    }

    public CoursePriced ToPricedEvent() =>
        new() { CourseId = Id, Title = Title, Price = Price, Offered = IsActive, PricedAt = UpdatedAt, Version = Version };

    public CourseContent ToContent() =>
        new(Title, Description, Category, FullDescription, CoverImageUrl, Price, IsTop, DurationHours, AccessDays, IsActive);

    public DateTimeOffset? AccessExpiresAt(DateTimeOffset grantedAt) => AccessDays is { } days ? grantedAt.AddDays(days) : null;

    private void Apply(CourseContent content)
    {
        Title = content.Title.Trim();
        Description = content.Description.Trim();
        Category = content.Category;
        FullDescription = content.FullDescription?.Trim();
        CoverImageUrl = content.CoverImageUrl;
        Price = content.Price ?? Money.Zero;
        IsTop = content.IsTop;
        DurationHours = content.DurationHours;
        AccessDays = content.AccessDays;
        IsActive = content.IsActive;
    }
}
