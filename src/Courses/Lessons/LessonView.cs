using Platform.Contracts;

namespace Platform.Courses.Lessons;

/// <summary>A lesson with its content, for a reader who may open it.</summary>
/// <param name="Order">Position in its course, from 1.</param>
/// <param name="VideoDuration">Seconds.</param>
/// <param name="PdfUrl">URL of a handout to print.</param>
/// <param name="IsFree">Open to everyone.</param>
/// <param name="Completed">By the reader.</param>
/// <param name="WatchTime">Seconds of the video that the reader has watched.</param>
public sealed record LessonView(
    LessonId Id,
    CourseId CourseId,
    int Order,
    string Title,
    string? Description,
    string? VideoUrl,
    int? VideoDuration,
    string? PdfUrl,
    bool IsFree,
    bool Completed,
    int WatchTime)
{
    internal static readonly LessonView Example = new(
        new LessonId(101), new CourseId(17), 1, "Инструменты и стерилизация", "Чем работать и как это обеззараживать.",
        "https://media.example.com/manicure/1.mp4", 780, "https://media.example.com/manicure/1.pdf", IsFree: true, Completed: false, WatchTime: 0);

    internal static LessonView From(Lesson lesson, bool completed = false, int watchTime = 0) => new(
        lesson.Id, lesson.CourseId, lesson.Order, lesson.Title, lesson.Description, lesson.VideoUrl, lesson.VideoDuration, lesson.PdfUrl, lesson.IsFree,
        completed, watchTime);
}
