using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Courses.Access;
using Platform.Courses.Storage;

namespace Platform.Courses.Catalogue;

/// <summary>A course with its lessons, as one person sees it.</summary>
/// <param name="Category">Slug of its category.</param>
/// <param name="Price">Roubles; 0 for a free course.</param>
/// <param name="AccessDays">Days of access from the moment it is given; null for unlimited.</param>
/// <param name="IsActive">Whether it is offered. A withdrawn course is visible only to those who have or had access.</param>
/// <param name="Version">Grows with each change: see <c>PUT</c>.</param>
/// <param name="Lessons">In order. <c>GET /api/lessons/{id}</c> returns their content.</param>
/// <param name="Access">The reader's latest access; null when they never had any.</param>
/// <param name="Progress">The reader's progress.</param>
public sealed record CourseView(
    CourseId Id,
    string Title,
    string Description,
    string? FullDescription,
    string Category,
    string? CoverImageUrl,
    bool IsTop,
    Money Price,
    int? DurationHours,
    int? AccessDays,
    bool IsActive,
    long Version,
    IReadOnlyList<CourseView.Lesson> Lessons,
    CourseView.OwnAccess? Access,
    CourseProgress Progress)
{
    /// <param name="Order">From 1.</param>
    /// <param name="VideoDuration">Seconds; null when there is no video.</param>
    /// <param name="IsFree">Open to everyone.</param>
    /// <param name="Completed">By the reader.</param>
    public sealed record Lesson(LessonId Id, int Order, string Title, int? VideoDuration, bool IsFree, bool Completed);

    /// <param name="IsLive">Whether access is live now.</param>
    /// <param name="ExpiresAt">When access expires or expired; null when it does not.</param>
    public sealed record OwnAccess(bool IsLive, DateTimeOffset PurchasedAt, DateTimeOffset? ExpiresAt, bool IsCompleted);

    internal static readonly CourseView Example = new(
        new CourseId(17), "Маникюр с нуля", "Комбинированный маникюр и покрытие за четыре недели.", FullDescription: null, "manicure",
        "https://media.example.com/covers/manicure.jpg", IsTop: true, new Money(4900), DurationHours: 24, AccessDays: 180, IsActive: true, Version: 1,
        [new(new LessonId(101), 1, "Инструменты и стерилизация", 780, IsFree: true, Completed: true),
            new(new LessonId(102), 2, "Подготовка ногтя", 1260, IsFree: false, Completed: false)],
        new(IsLive: true, new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 7, 14, 9, 30, 0, TimeSpan.Zero),
            IsCompleted: false),
        CourseProgress.From(completed: 1, total: 2));

    /// <param name="reader">Null for a reader who is not registered.</param>
    internal static async Task<CourseView?> Read(CoursesDb db, CourseId id, UserId? reader, DateTimeOffset now, CancellationToken ct)
    {
        // No one has the id 0.
        var userId = reader ?? default;
        var found = await db.Courses.AsNoTracking()
            .Where(course => course.Id == id)
            .Select(course => new
            {
                Course = course,
                Lessons = db.Lessons
                    .Where(lesson => lesson.CourseId == course.Id)
                    .OrderBy(lesson => lesson.Order)
                    .Select(lesson => new Lesson(
                        lesson.Id, lesson.Order, lesson.Title, lesson.VideoDuration, lesson.IsFree,
                        db.Progress.Any(done => done.UserId == userId && done.LessonId == lesson.Id && done.Completed)))
                    .ToList(),
                Access = db.UserCourses
                    .Where(access => access.UserId == userId && access.CourseId == course.Id)
                    .OrderByDescending(access => access.Id)
                    .FirstOrDefault(),
            })
            .AsSingleQuery()
            .SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }

        var course = found.Course;
        return new CourseView(
            course.Id, course.Title, course.Description, course.FullDescription, course.Category, course.CoverImageUrl, course.IsTop, course.Price,
            course.DurationHours, course.AccessDays, course.IsActive, course.Version,
            found.Lessons,
            found.Access is { } access ? new OwnAccess(access.IsLiveAt(now), access.PurchasedAt, access.ExpiresAt, access.IsCompleted) : null,
            CourseProgress.From(found.Lessons.Count(lesson => lesson.Completed), found.Lessons.Count));
    }
}
