using System.Net;
using Platform.Contracts;
using Platform.Contracts.Courses;

namespace Platform.Courses.Tests.Catalogue;

public sealed class UpdateCourseTests(SharedCoursesApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_update_replaces_the_course_raises_its_version_and_keeps_its_lessons()
    {
        var course = await app.GivenCourse(CoursesApp.Content("Маникюр", price: 100), lessons: 2);

        var changed = await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content("Педикюр", price: 200, category: "pedicure"));

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Body);
        changed.Json("title").ShouldBe("Педикюр");
        changed.Json("category").ShouldBe("pedicure");
        changed.Json("version").ShouldBe(2L);
        changed.Json("progress.totalLessons").ShouldBe(2L);
        var published = await app.Broker.Published<CoursePriced>(priced => priced.CourseId == course && priced.Version == 2, Ct);
        (published.Title, published.Price).ShouldBe(("Педикюр", new Money(200)));
        var audited = (await app.Audited("course.update", $"course:{course}")).ShouldHaveSingleItem();
        audited.ShouldContain("Маникюр");
        audited.ShouldContain("Педикюр");
    }

    [Fact]
    public async Task Withdrawing_a_course_is_published()
    {
        var course = await app.GivenCourse(CoursesApp.Content(price: 100));

        await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content(price: 100, isActive: false));

        (await app.Broker.Published<CoursePriced>(priced => priced.CourseId == course && priced.Version == 2, Ct)).Offered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_of_other_fields_than_title_and_price_is_not_published()
    {
        var course = await app.GivenCourse();

        await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content(description: "Другое описание"));
        await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content("Другое название"));

        // The third version is published after anything about the second.
        await app.Broker.Published<CoursePriced>(priced => priced.CourseId == course && priced.Version == 3, Ct);
        app.Broker.Events.Where(message => message.Type == typeof(CoursePriced).FullName).Select(message => message.Read<CoursePriced>())
            .Where(priced => priced.CourseId == course).Select(priced => priced.Version).ShouldBe([1, 3], ignoreOrder: true);
    }

    [Fact]
    public async Task An_update_with_an_outdated_version_is_a_conflict()
    {
        var course = await app.GivenCourse();

        var changes = await Task.WhenAll(Enumerable.Range(0, 5).Select(number =>
            CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}?version=1", CoursesApp.Content($"Название {number}"))));

        var changed = changes.Where(change => change.Status == HttpStatusCode.OK).ShouldHaveSingleItem();
        foreach (var late in changes.Where(change => change != changed))
        {
            late.ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        }

        (await CoursesApp.Get(app.Visitor(), $"/api/courses/{course}")).Json("title").ShouldBe(changed.Json("title"));
        (await app.Audited("course.update", $"course:{course}")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Invalid_course_updates_are_refused()
    {
        var course = await app.GivenCourse();

        (await CoursesApp.Put(app.TheAdmin, "/api/courses/999999999", CoursesApp.Content())).ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
        (await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content(category: "hair")))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "category_unknown");
        (await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content(""))).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}?version=0", CoursesApp.Content()))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await CoursesApp.Get(app.Visitor(), $"/api/courses/{course}")).Json("version").ShouldBe(1L);
    }
}
