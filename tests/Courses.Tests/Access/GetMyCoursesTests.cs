using System.Net;
using Platform.Contracts;

namespace Platform.Courses.Tests.Access;

public sealed class GetMyCoursesTests(SharedCoursesApp app)
{
    private const string Address = "/api/courses/mine";

    [Fact]
    public async Task A_learner_sees_their_courses_with_progress_latest_first()
    {
        var (anna, boris) = (await app.GivenLearner(), await app.GivenLearner());
        var older = await app.GivenCourse(CoursesApp.Content("Маникюр", category: "manicure", accessDays: 10), lessons: 3);
        var newer = await app.GivenCourse(CoursesApp.Content("Педикюр", category: "pedicure"));
        await app.GivenEnrolled(anna, older);
        await app.GivenEnrolled(anna, newer);
        await app.GivenEnrolled(boris, older);
        foreach (var lesson in (await app.LessonsOf(older)).Take(2))
        {
            await app.GivenCompleted(anna, new LessonId(lesson));
        }

        var mine = await app.Mine(anna);

        mine.Select(course => (string)course["title"]!).ShouldBe(["Педикюр", "Маникюр"]);
        mine.Select(course => (long)course["courseId"]!).ShouldBe([newer.Value, older.Value]);
        mine.Select(course => (string)course["category"]!).ShouldBe(["pedicure", "manicure"]);
        mine.Select(course => (int)course["totalLessons"]!).ShouldBe([0, 3]);
        mine.Select(course => (int)course["completedLessons"]!).ShouldBe([0, 2]);
        mine.Select(course => (int)course["progressPercent"]!).ShouldBe([0, 67]);
        mine.ShouldAllBe(course => (bool)course["hasAccess"]! && !(bool)course["isCompleted"]!);
        ((DateTimeOffset)mine[1]["expiresAt"]!).ShouldBe(app.Clock.GetUtcNow().AddDays(10));
        ((int)(await app.Mine(boris)).ShouldHaveSingleItem()["completedLessons"]!).ShouldBe(0);
    }

    [Fact]
    public async Task A_course_is_listed_once_however_often_it_was_bought_and_stays_finished()
    {
        var (learner, course) = (await app.GivenLearner(), await app.GivenCourse(CoursesApp.Content(price: 100)));
        await app.GivenAccess(learner, course, endedAt: app.Clock.GetUtcNow());
        await app.Database.Execute(
            "update courses.user_courses set is_completed = true, completed_at = purchased_at where user_id = $1",
            TestContext.Current.CancellationToken, learner.Value);
        await app.GivenAccess(learner, course, endedAt: app.Clock.GetUtcNow());
        await app.GivenAccess(learner, course);

        var mine = (await app.Mine(learner)).ShouldHaveSingleItem();

        ((bool)mine["hasAccess"]!).ShouldBeTrue();
        ((bool)mine["isCompleted"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task A_withdrawn_course_stays_listed_for_its_learners()
    {
        var (learner, course) = (await app.GivenLearner(), await app.GivenCourse());
        await app.GivenEnrolled(learner, course);

        await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content(isActive: false));

        (await app.Mine(learner)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task My_courses_are_paged_with_each_course_once(int limit)
    {
        var learner = await app.GivenLearner();
        var courses = new List<CourseId>();
        for (var number = 0; number < 7; number++)
        {
            var course = await app.GivenCourse();
            courses.Add(course);
            await app.GivenAccess(learner, course, endedAt: app.Clock.GetUtcNow());
        }

        // The first two again, which makes them the latest.
        await app.GivenAccess(learner, courses[0]);
        await app.GivenAccess(learner, courses[1]);

        var pages = await CoursesApp.Pages(app.Client(learner), $"{Address}?limit={limit}");

        CourseId[] latestFirst = [courses[1], courses[0], .. courses.Skip(2).Reverse()];
        pages.SelectMany(page => page).Select(item => new CourseId((long)item["courseId"]!)).ShouldBe(latestFirst);
        pages.Count.ShouldBe((7 + limit - 1) / limit);
    }

    [Fact]
    public async Task A_learner_without_courses_and_unregistered_staff_get_an_empty_list()
    {
        (await app.Mine(await app.GivenLearner())).ShouldBeEmpty();
        (await CoursesApp.Get(app.Staff(new(7)), Address)).Json("items").ShouldBe("[]");
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?after=0")]
    [InlineData("?after=1-17")]
    public async Task Invalid_paging_parameters_are_refused(string query)
    {
        (await CoursesApp.Get(app.Client(CoursesApp.NewUserId()), Address + query)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }
}
