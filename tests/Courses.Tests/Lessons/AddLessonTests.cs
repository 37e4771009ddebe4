using System.Net;
using Platform.Contracts;

namespace Platform.Courses.Tests.Lessons;

public sealed class AddLessonTests(SharedCoursesApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_lesson_is_added_at_the_end()
    {
        var course = await app.GivenCourse(lessons: 1);

        var added = await CoursesApp.Post(app.TheAdmin, $"/api/courses/{course}/lessons",
            new { title = " Второй ", pdfUrl = "https://media.example.com/2.pdf" });

        added.Status.ShouldBe(HttpStatusCode.Created, added.Body);
        var lesson = new LessonId((long)added.Json("id")!);
        added.Location.ShouldBe($"/api/lessons/{lesson}");
        added.Json("order").ShouldBe(2L);
        added.Json("title").ShouldBe("Второй");
        added.Json("videoUrl").ShouldBeNull();
        added.Json("isFree").ShouldBe(false);
        (await app.LessonsOf(course))[1].ShouldBe(lesson.Value);
        (await app.Audited("lesson.add", $"lesson:{lesson}")).ShouldHaveSingleItem().ShouldContain("Второй");
    }

    [Fact]
    public async Task Concurrently_added_lessons_get_different_positions()
    {
        var course = await app.GivenCourse();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.GivenLesson(course)));

        (await app.Database.Column<int>("select \"order\" from courses.lessons where course_id = $1 order by 1", Ct, course.Value))
            .ShouldBe(Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task Retries_with_one_key_add_one_lesson()
    {
        var (course, key) = (await app.GivenCourse(), Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            CoursesApp.Post(app.TheAdmin, $"/api/courses/{course}/lessons", new { title = "Урок" }, key)));

        answers.Select(answer => answer.Json("id")).Distinct().ShouldHaveSingleItem();
        (await app.LessonsOf(course)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_course_is_limited_to_500_lessons()
    {
        var course = await app.GivenCourse();
        await app.Database.Execute(
            "insert into courses.lessons (course_id, title, \"order\", created_at) select $1, 'Урок', n, $2 from generate_series(1, 499) n",
            Ct, course.Value, app.Clock.GetUtcNow());

        await app.GivenLesson(course);
        var refused = await CoursesApp.Post(app.TheAdmin, $"/api/courses/{course}/lessons", new { title = "Урок" });

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "too_many_lessons");
        (await app.LessonsOf(course)).Count.ShouldBe(500);
    }

    [Fact]
    public async Task Adding_a_lesson_to_an_unknown_course_is_not_found()
    {
        (await CoursesApp.Post(app.TheAdmin, "/api/courses/999999999/lessons", new { title = "Урок" }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
    }

    [Theory]
    [InlineData("title", "  ")]
    [InlineData("title", "two\nlines")]
    [InlineData("description", "  ")]
    [InlineData("videoUrl", "ftp://media.example.com/1.mp4")]
    [InlineData("videoUrl", "1.mp4")]
    [InlineData("pdfUrl", "javascript:alert(1)")]
    [InlineData("videoDuration", 0)]
    [InlineData("videoDuration", 86_401)]
    public async Task An_invalid_lesson_field_is_named(string field, object value)
    {
        var course = await app.GivenCourse();

        var refused = await CoursesApp.Post(
            app.TheAdmin, $"/api/courses/{course}/lessons", new Dictionary<string, object?> { ["title"] = "Урок", [field] = value });

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json($"errors.{field}").ShouldNotBeNull(refused.Body);
    }
}
