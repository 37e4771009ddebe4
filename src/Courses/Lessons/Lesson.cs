using Platform.Contracts;

namespace Platform.Courses.Lessons;

/// <summary>A lesson of a course: a video, a handout to print, or both.</summary>
internal sealed class Lesson
{
    /// <summary>The limit per course: its page shows all lessons at once.</summary>
    public const int MaxPerCourse = 500;

    /// <summary>Assigned by the database.</summary>
    public LessonId Id { get; init; }

    public required CourseId CourseId { get; init; }

    public required string Title { get; init; }

    public string? Description { get; init; }

    /// <summary>Position in the course, from 1, without gaps.</summary>
    public required int Order { get; init; }

    public string? VideoUrl { get; init; }

    /// <summary>Seconds.</summary>
    public int? VideoDuration { get; init; }

    public string? PdfUrl { get; init; }

    /// <summary>Open to everyone, as a sample of the course.</summary>
    public bool IsFree { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
