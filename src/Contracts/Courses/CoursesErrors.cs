namespace Platform.Contracts.Courses;

/// <summary>Errors that the courses service returns.</summary>
public static class CoursesErrors
{
    public static readonly ErrorCode CourseNotFound = new("course_not_found", 404,
        "There is no such course, or it is no longer offered.");

    public static readonly ErrorCode LessonNotFound = new("lesson_not_found", 404,
        "There is no such lesson, or its course is no longer offered.");

    public static readonly ErrorCode AccessRequired = new("access_required", 403,
        "This lesson requires access to its course: see courseId and price.");

    public static readonly ErrorCode PaymentRequired = new("payment_required", 402,
        "This course is not free: see price. Access starts once it is paid for.");

    public static readonly ErrorCode AlreadyEnrolled = new("already_enrolled", 409,
        "This person already has access to the course.");

    public static readonly ErrorCode CategoryUnknown = new("category_unknown", 422,
        "There is no such category: GET /api/courses/categories lists them.");

    public static readonly ErrorCode LessonsDiffer = new("lessons_differ", 422,
        "List every lesson of the course exactly once. One may have been added meanwhile: read the course again.");

    public static readonly ErrorCode TooManyLessons = new("too_many_lessons", 422,
        "The course already has the maximum number of lessons. Put further ones into another course.");
}
