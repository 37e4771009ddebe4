using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Courses.Tests.Catalogue;

public sealed class GetCourseTests(SharedCoursesApp app)
{
    [Fact]
    public async Task A_visitor_sees_ordered_lessons_and_which_are_free_but_no_media_URLs()
    {
        var course = await app.GivenCourse(CoursesApp.Content(price: 4900, accessDays: 180), lessons: 3);

        var seen = await Course(app.Visitor(), course);

        seen.Json("price").ShouldBe(4900.00m);
        seen.Json("accessDays").ShouldBe(180L);
        var lessons = Lessons(seen);
        lessons.Select(lesson => (int)lesson["order"]!).ShouldBe([1, 2, 3]);
        lessons.Select(lesson => (string)lesson["title"]!).ShouldBe(["Урок 1", "Урок 2", "Урок 3"]);
        lessons.Select(lesson => (bool)lesson["isFree"]!).ShouldBe([true, false, false]);
        seen.Body.ShouldNotContain("media.example.com");
        seen.Json("access").ShouldBeNull();
        Progress(seen).ShouldBe((3, 0, 0));
    }

    [Fact]
    public async Task A_learner_sees_only_their_own_access_and_progress()
    {
        var course = await app.GivenCourse(CoursesApp.Content(accessDays: 30), lessons: 3);
        var (anna, boris) = (await app.GivenLearner(), await app.GivenLearner());
        await app.GivenEnrolled(anna, course);
        await app.GivenCompleted(anna, new LessonId((await app.LessonsOf(course))[1]));

        var annas = await Course(app.Client(anna), course);
        var boriss = await Course(app.Client(boris), course);

        annas.Json("access.isLive").ShouldBe(true);
        annas.Json("access.expiresAt").ShouldBe($"{app.Clock.GetUtcNow().AddDays(30):yyyy-MM-dd'T'HH:mm:ss}Z");
        Lessons(annas).Select(lesson => (bool)lesson["completed"]!).ShouldBe([false, true, false]);
        Progress(annas).ShouldBe((3, 1, 33));
        boriss.Json("access").ShouldBeNull();
        Lessons(boriss).ShouldAllBe(lesson => !(bool)lesson["completed"]!);
        Progress(boriss).ShouldBe((3, 0, 0));
    }

    [Fact]
    public async Task A_course_without_lessons_is_at_0_percent() => Progress(await Course(app.Visitor(), await app.GivenCourse())).ShouldBe((0, 0, 0));

    [Fact]
    public async Task A_withdrawn_course_is_visible_only_to_its_learners_and_the_admin()
    {
        var course = await app.GivenCourse();
        var (has, had) = (await app.GivenLearner(), await app.GivenLearner());
        await app.GivenEnrolled(has, course);
        await app.GivenAccess(had, course, endedAt: app.Clock.GetUtcNow());
        await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content(isActive: false));

        (await CoursesApp.Get(app.Visitor(), $"/api/courses/{course}")).ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
        (await CoursesApp.Get(app.Client(await app.GivenLearner()), $"/api/courses/{course}")).ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
        (await CoursesApp.Get(app.Staff(new(7)), $"/api/courses/{course}")).ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
        (await Course(app.Client(has), course)).Json("access.isLive").ShouldBe(true);
        (await Course(app.Client(had), course)).Json("access.isLive").ShouldBe(false);
        (await Course(app.TheAdmin, course)).Json("isActive").ShouldBe(false);
    }

    [Theory]
    [InlineData("999999999", "course_not_found")]
    [InlineData("0", "not_found")]
    [InlineData("-5", "not_found")]
    [InlineData("first", "not_found")]
    [InlineData("99999999999999999999", "not_found")]
    public async Task An_unknown_course_is_not_found(string id, string code)
    {
        (await CoursesApp.Get(app.Visitor(), $"/api/courses/{id}")).ShouldBeProblem(HttpStatusCode.NotFound, code);
    }

    private static async Task<Answer> Course(HttpClient client, CourseId course)
    {
        var answer = await CoursesApp.Get(client, $"/api/courses/{course}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return answer;
    }

    private static IReadOnlyList<JsonNode> Lessons(Answer course) => [.. JsonNode.Parse(course.Body)!["lessons"]!.AsArray().Select(lesson => lesson!)];

    private static (long Total, long Completed, long Percent) Progress(Answer course) =>
        ((long)course.Json("progress.totalLessons")!, (long)course.Json("progress.completedLessons")!, (long)course.Json("progress.progressPercent")!);
}
