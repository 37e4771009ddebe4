namespace Platform.Contracts.Courses;

/// <summary>What the courses service refuses, and why.</summary>
public static class CoursesErrors
{
    public static readonly ErrorCode CourseNotFound = new("course_not_found", 404,
        "There is no such course, or it is not offered any more.");

    public static readonly ErrorCode LessonNotFound = new("lesson_not_found", 404,
        "There is no such lesson, or its course is not offered any more.");

    public static readonly ErrorCode AccessRequired = new("access_required", 403,
        "This lesson is for those who have access to its course: see courseId and price.");

    public static readonly ErrorCode PaymentRequired = new("payment_required", 402,
        "This course costs as much as price says. Pay for it, and access follows by itself.");

    public static readonly ErrorCode AlreadyEnrolled = new("already_enrolled", 409,
        "This person has access to the course already.");

    public static readonly ErrorCode CategoryUnknown = new("category_unknown", 422,
        "There is no such category: GET /api/courses/categories lists them.");

    public static readonly ErrorCode LessonsDiffer = new("lessons_differ", 422,
        "Name every lesson of the course once, and no other. Somebody may have added one: read the course again.");

    public static readonly ErrorCode TooManyLessons = new("too_many_lessons", 422,
        "The course has as many lessons as a course can have. Make a second course of it.");
}
