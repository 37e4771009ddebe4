namespace Platform.Courses.Access;

/// <summary>A learner's progress in a course.</summary>
/// <param name="ProgressPercent">Completed lessons in whole per cent, rounded half up; 0 for a course without lessons.</param>
public sealed record CourseProgress(int TotalLessons, int CompletedLessons, int ProgressPercent)
{
    internal static CourseProgress From(int completed, int total) =>
        new(total, completed, total == 0 ? 0 : (int)decimal.Round(100m * completed / total, MidpointRounding.AwayFromZero));
}
