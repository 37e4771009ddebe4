using Platform.Contracts.Courses;
using Platform.Contracts.Users;
using Platform.Courses.Access;
using Platform.Courses.Catalogue;
using Platform.Courses.Learners;
using Platform.Courses.Lessons;
using Platform.Courses.Storage;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses;

/// <summary>The table of contents: events in and out, jobs and routes.</summary>
public static class CoursesModule
{
    public static void ListEvents(Events events) => events
        .Publishes<CoursePriced>(consumed: false)
        .Publishes<CourseAccessGranted>(consumed: false)
        .Handles<UserRegistered, UpsertLearner>()
        .Handles<UserUpdated, UpsertLearner>()
        .Handles<UserErased, EraseLearner>()
        .TracksRevokedUsers<CoursesDb>()
        .PurgesErasedUsers<CoursesDb>();

    public static void AddCourses(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidation();
        builder.Services.AddScoped<CourseAccess>();
        builder.Services.AddResync("courses and their prices", PublishPrices.Run, "select count(*) from courses");
        builder.Services.AddDemoSeed("courses and lessons", DemoCourses.Add);
        builder.Services.AddVerification("lessons are numbered from 1 without gaps", CourseChecks.GapsInLessons);
        builder.Services.AddVerification("erased people have no access or progress", CourseChecks.ErasedWithAccess);
    }

    public static void MapCourses(this IEndpointRouteBuilder app)
    {
        var catalogue = app.MapGroup("/api/courses").WithTags("Catalogue");
        catalogue.MapGet("/", ListCourses.Handle).Describe(ListCourses.Describe).RequireRole(Role.Guest);
        catalogue.MapGet("/categories", ListCategories.Handle).Describe(ListCategories.Describe).RequireRole(Role.Guest);
        catalogue.MapGet("/{id}", GetCourse.Handle).Describe(GetCourse.Describe).RequireRole(Role.Guest);
        catalogue.MapPost("/", CreateCourse.Handle).Describe(CreateCourse.Describe).RequireRole(Role.Admin).Idempotent<CoursesDb>();
        catalogue.MapPut("/{id}", UpdateCourse.Handle).Describe(UpdateCourse.Describe).RequireRole(Role.Admin);

        var lessons = app.MapGroup("/api").WithTags("Lessons");
        lessons.MapGet("/lessons/{id}", GetLesson.Handle).Describe(GetLesson.Describe).RequireRole(Role.Guest);
        lessons.MapPost("/courses/{id}/lessons", AddLesson.Handle).Describe(AddLesson.Describe).RequireRole(Role.Admin).Idempotent<CoursesDb>();
        lessons.MapPut("/courses/{id}/lessons/order", OrderLessons.Handle).Describe(OrderLessons.Describe).RequireRole(Role.Admin);

        var mine = app.MapGroup("/api/courses").WithTags("My courses");
        mine.MapPost("/{id}/enrol", Enrol.Handle).Describe(Enrol.Describe).RequireRole(Role.Client).Idempotent<CoursesDb>();
        mine.MapGet("/mine", GetMyCourses.Handle).Describe(GetMyCourses.Describe).RequireRole(Role.Client);
        mine.MapGet("/export", ExportMyData.Handle).Describe(ExportMyData.Describe).RequireRole(Role.Client).AllowBlocked();
    }
}
