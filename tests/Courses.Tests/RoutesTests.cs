using Platform.ServiceDefaults.Web;
using Platform.Testing.Routes;

namespace Platform.Courses.Tests;

/// <summary>The routes of the service, and who may call them.</summary>
public sealed class RoutesTests(CoursesApp app) : RouteTests<CoursesApp, Program, RoutesTests>(app), IRoutes<CoursesApp>
{
    public static IReadOnlyList<Route<CoursesApp>> Routes { get; } =
    [
        new("GET", "/api/courses/", Role.Guest, AsVisitor),
        new("GET", "/api/courses/categories", Role.Guest, AsVisitor),
        new("GET", "/api/courses/{id}", Role.Guest, async app => new(app.Visitor(), await app.GivenCourse())) { OwnedByAnother = [AnothersCourse] },
        new("POST", "/api/courses/", Role.Admin, app => Task.FromResult(new Call(app.TheAdmin, Body: NewContent()))) { TakesBody = true },
        new("PUT", "/api/courses/{id}", Role.Admin, async app => new(app.TheAdmin, await app.GivenCourse(), NewContent())) { TakesBody = true },
        new("GET", "/api/lessons/{id}", Role.Guest, FreeLesson) { OwnedByAnother = [AnothersLesson] },
        new("POST", "/api/courses/{id}/lessons", Role.Admin, AddLesson) { TakesBody = true },
        new("PUT", "/api/courses/{id}/lessons/order", Role.Admin, OrderLessons) { TakesBody = true },
        new("POST", "/api/courses/{id}/enrol", Role.Client, Enrol) { NeedsPerson = true },
        new("GET", "/api/courses/mine", Role.Client, AsLearner),
        new("GET", "/api/courses/export", Role.Client, AsLearner),
    ];

    private static Task<Call> AsVisitor(CoursesApp app) => Task.FromResult(new Call(app.Visitor()));

    private static async Task<Call> AsLearner(CoursesApp app)
    {
        var learner = await app.GivenLearner();
        await app.GivenEnrolled(learner, await app.GivenCourse());
        return new(app.Client(learner));
    }

    /// <summary>A withdrawn course, visible only to those who have it.</summary>
    private static async Task<Call> AnothersCourse(CoursesApp app)
    {
        var course = await app.GivenCourse(CoursesApp.Content(isActive: false));
        await app.GivenAccess(await app.GivenLearner(), course);
        return new(app.Client(await app.GivenLearner()), course);
    }

    private static async Task<Call> FreeLesson(CoursesApp app) => new(app.Visitor(), await app.GivenLesson(await app.GivenCourse(), isFree: true));

    private static async Task<Call> AnothersLesson(CoursesApp app)
    {
        var course = await app.GivenCourse(CoursesApp.Content(isActive: false), lessons: 1);
        await app.GivenAccess(await app.GivenLearner(), course);
        return new(app.Client(await app.GivenLearner()), (await app.LessonsOf(course)).Single());
    }

    private static async Task<Call> AddLesson(CoursesApp app) =>
        new(app.TheAdmin, await app.GivenCourse(), new { title = CoursesApp.NewWord(), videoUrl = "https://media.example.com/1.mp4", videoDuration = 600 });

    private static async Task<Call> OrderLessons(CoursesApp app)
    {
        var course = await app.GivenCourse(lessons: 2);
        return new(app.TheAdmin, course, new { lessonIds = (await app.LessonsOf(course)).Reverse() });
    }

    private static async Task<Call> Enrol(CoursesApp app) => new(app.Client(await app.GivenLearner()), await app.GivenCourse());

    private static object NewContent() =>
        new { title = CoursesApp.NewWord(), description = "Покрытие гель-лаком", category = "manicure", price = 4900, durationHours = 24 };
}
