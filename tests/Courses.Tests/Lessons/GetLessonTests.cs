using System.Net;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Courses.Tests.Lessons;

public sealed class GetLessonTests(SharedCoursesApp app)
{
    [Fact]
    public async Task A_visitor_gets_a_free_lesson_with_its_media_URLs()
    {
        var (_, free, _) = await GivenPaidCourse();

        var lesson = await Lesson(app.Visitor(), free);

        lesson.Status.ShouldBe(HttpStatusCode.OK, lesson.Body);
        lesson.Json("videoUrl").ShouldBe("https://media.example.com/1.mp4");
        lesson.Json("pdfUrl").ShouldBe("https://media.example.com/1.pdf");
        lesson.Json("videoDuration").ShouldBe(600L);
        lesson.Json("order").ShouldBe(1L);
        lesson.Json("completed").ShouldBe(false);
        lesson.Json("watchTime").ShouldBe(0L);
    }

    [Fact]
    public async Task A_paid_lesson_requires_access_and_the_refusal_names_the_price()
    {
        var (course, _, paid) = await GivenPaidCourse();

        foreach (var client in new[] { app.Visitor(), app.Client(await app.GivenLearner()), app.Staff(new(7)) })
        {
            var refused = await Lesson(client, paid);
            refused.ShouldBeProblem(HttpStatusCode.Forbidden, "access_required");
            refused.Json("courseId").ShouldBe(course.Value);
            refused.Json("price").ShouldBe(4900.00m);
            refused.Body.ShouldNotContain("media.example.com");
        }
    }

    [Fact]
    public async Task Access_opens_the_lessons_of_its_own_course_only()
    {
        var (course, _, paid) = await GivenPaidCourse();
        var (_, _, ofAnother) = await GivenPaidCourse();
        var learner = await app.GivenLearner();
        await app.GivenAccess(learner, course);
        await app.GivenCompleted(learner, paid);

        var open = await Lesson(app.Client(learner), paid);

        open.Status.ShouldBe(HttpStatusCode.OK, open.Body);
        open.Json("videoUrl").ShouldNotBeNull();
        open.Json("completed").ShouldBe(true);
        open.Json("watchTime").ShouldBe(600L);
        (await Lesson(app.Client(learner), ofAnother)).ShouldBeProblem(HttpStatusCode.Forbidden, "access_required");
        (await Lesson(app.TheAdmin, ofAnother)).Json("videoUrl").ShouldNotBeNull();
    }

    [Fact]
    public async Task Ended_access_opens_no_lessons()
    {
        var (course, _, paid) = await GivenPaidCourse();
        var learner = await app.GivenLearner();
        await app.GivenAccess(learner, course, endedAt: app.Clock.GetUtcNow());

        (await Lesson(app.Client(learner), paid)).ShouldBeProblem(HttpStatusCode.Forbidden, "access_required");
    }

    [Fact]
    public async Task Lessons_of_a_withdrawn_course_are_open_only_to_its_learners_and_the_admin()
    {
        var (course, free, paid) = await GivenPaidCourse();
        var (has, had) = (await app.GivenLearner(), await app.GivenLearner());
        await app.GivenAccess(has, course);
        await app.GivenAccess(had, course, endedAt: app.Clock.GetUtcNow());
        await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content(price: 4900, isActive: false));

        (await Lesson(app.Visitor(), free)).ShouldBeProblem(HttpStatusCode.NotFound, "lesson_not_found");
        (await Lesson(app.Visitor(), paid)).ShouldBeProblem(HttpStatusCode.NotFound, "lesson_not_found");
        (await Lesson(app.Client(had), free)).ShouldBeProblem(HttpStatusCode.Forbidden, "access_required");
        (await Lesson(app.Client(has), paid)).Status.ShouldBe(HttpStatusCode.OK);
        (await Lesson(app.TheAdmin, paid)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("999999999", "lesson_not_found")]
    [InlineData("0", "not_found")]
    [InlineData("first", "not_found")]
    public async Task An_unknown_lesson_is_not_found(string id, string code)
    {
        (await CoursesApp.Get(app.Visitor(), $"/api/lessons/{id}")).ShouldBeProblem(HttpStatusCode.NotFound, code);
    }

    private static Task<Answer> Lesson(HttpClient client, LessonId lesson) => CoursesApp.Get(client, $"/api/lessons/{lesson}");

    private async Task<(CourseId Course, LessonId Free, LessonId Paid)> GivenPaidCourse()
    {
        var course = await app.GivenCourse(CoursesApp.Content(price: 4900), lessons: 2);
        var lessons = await app.LessonsOf(course);
        return (course, new LessonId(lessons[0]), new LessonId(lessons[1]));
    }
}
