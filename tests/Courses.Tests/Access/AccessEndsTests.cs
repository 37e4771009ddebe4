using System.Net;
using Platform.Contracts;

namespace Platform.Courses.Tests.Access;

/// <summary>Moves the clock, so it needs its own service.</summary>
public sealed class AccessEndsTests(CoursesApp app) : IClassFixture<CoursesApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Access_expires_on_its_day_and_a_new_enrolment_keeps_the_progress()
    {
        var course = await app.GivenCourse(CoursesApp.Content(accessDays: 30), lessons: 4);
        var learner = await app.GivenLearner();
        var (first, begun) = (new LessonId((await app.LessonsOf(course))[1]), app.Clock.GetUtcNow());
        await app.GivenEnrolled(learner, course);
        await app.GivenCompleted(learner, first);

        app.Clock.SetUtcNow(begun.AddDays(30).AddTicks(-10));
        (await CoursesApp.Get(app.Client(learner), $"/api/lessons/{first}")).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Enrol(learner, course)).ShouldBeProblem(HttpStatusCode.Conflict, "already_enrolled");

        app.Clock.SetUtcNow(begun.AddDays(30));
        (await CoursesApp.Get(app.Client(learner), $"/api/lessons/{first}")).ShouldBeProblem(HttpStatusCode.Forbidden, "access_required");
        var over = (await app.Mine(learner)).ShouldHaveSingleItem();
        ((bool)over["hasAccess"]!).ShouldBeFalse();
        ((int)over["progressPercent"]!).ShouldBe(25);

        app.Clock.Advance(TimeSpan.FromDays(5));
        var again = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Enrol(learner, course)));
        again.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        var mine = (await app.Mine(learner)).ShouldHaveSingleItem();
        ((bool)mine["hasAccess"]!).ShouldBeTrue();
        ((int)mine["completedLessons"]!).ShouldBe(1);
        (await CoursesApp.Get(app.Client(learner), $"/api/lessons/{first}")).Json("completed").ShouldBe(true);

        // Both periods are stored, the first with the instant at which it expired.
        (await app.Database.Column<DateTime>("select coalesce(ended_at, expires_at) from courses.user_courses where user_id = $1 order by id",
            Ct, learner.Value))
            .ShouldBe([begun.AddDays(30).UtcDateTime, begun.AddDays(65).UtcDateTime]);
    }
}
