using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Courses.Tests.Learners;

public sealed class EraseLearnerTests(CoursesApp app) : IClassFixture<CoursesApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erasure_removes_personal_data_and_progress_and_ends_access()
    {
        var course = await app.GivenCourse(lessons: 2);
        var (learner, other) = (await app.GivenLearner("Анна Петрова", "Казань", new TelegramId(7_001)), await app.GivenLearner());
        foreach (var user in new[] { learner, other })
        {
            await app.GivenEnrolled(user, course);
            await app.GivenCompleted(user, new LessonId((await app.LessonsOf(course))[0]));
        }

        var token = app.Client(learner);
        await app.Deliver(app.Erased(learner));

        (await app.Database.Scalar<string>("select l::text from courses.learners l where user_id = $1", Ct, learner.Value)).ShouldBe($"({learner},,\"\",,2,t)");
        (await Count("user_progress where user_id = $1", learner)).ShouldBe(0);
        (await Count("user_courses where user_id = $1 and ended_at is not null", learner)).ShouldBe(1);
        (await Count("user_courses where user_id = $1 and ended_at is null", learner)).ShouldBe(0);
        (await Count("user_progress where user_id = $1", other)).ShouldBe(1);
        (await Count("user_courses where user_id = $1 and ended_at is null", other)).ShouldBe(1);

        // Existing tokens are refused.
        await app.Refused(token);
        (await app.Enrol(learner, await app.GivenCourse())).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.Run("verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Earlier_and_later_events_do_not_restore_an_erased_learner()
    {
        var learner = await app.GivenLearner();
        await app.Deliver(app.Erased(learner, version: 5));

        await app.Deliver(app.Registered(learner, "Анна Петрова", version: 1));
        await app.Deliver(app.Registered(learner, "Анна Петрова", version: 9));
        await app.Deliver(new UserUnblocked { UserId = learner, UnblockedAt = app.Clock.GetUtcNow(), Version = 4 });

        (await Name(learner)).ShouldBe("");
        await app.Refused(app.Client(learner));
    }

    [Fact]
    public async Task An_erasure_that_arrives_before_the_registration_holds()
    {
        var learner = CoursesApp.NewUserId();
        await app.Deliver(app.Erased(learner));

        await app.Deliver(app.Registered(learner));

        (await Name(learner)).ShouldBe("");
    }

    [Fact]
    public async Task A_repeated_erasure_changes_nothing()
    {
        var (learner, erased, message) = (await app.GivenLearner(), app.Clock.GetUtcNow(), Guid.CreateVersion7());
        var course = await app.GivenCourse();
        await app.GivenEnrolled(learner, course);
        var happened = new UserErased { UserId = learner, ErasedAt = erased, Version = 2 };

        await app.Deliver(happened, message);
        await app.Deliver(happened, message);
        await app.Deliver(happened with { ErasedAt = erased.AddMinutes(1) });

        (await app.Database.Scalar<DateTime>("select ended_at from courses.user_courses where user_id = $1", Ct, learner.Value)).ShouldBe(erased.UtcDateTime);
    }

    [Fact]
    public async Task Enrolment_during_an_erasure_waits_and_is_refused()
    {
        var (course, learner) = (await app.GivenCourse(), CoursesApp.NewUserId());

        await using var erasing = await app.Begin($"""
            select pg_advisory_xact_lock(hashtextextended('courses.learner', {learner}));
            insert into courses.learners (user_id, full_name, version, erased) values ({learner}, '', 2, true)
            """);
        var enrolling = app.Enrol(learner, course);
        await app.WaitForLock();
        await erasing.Commit();

        (await enrolling).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await Count("user_courses where user_id = $1", learner)).ShouldBe(0);
    }

    [Fact]
    public async Task A_learner_erased_during_enrolment_has_no_access()
    {
        var course = await app.GivenCourse();
        for (var round = 0; round < 10; round++)
        {
            var learner = CoursesApp.NewUserId();

            var enrolling = app.Enrol(learner, course);
            await app.Broker.Publish(app.Erased(learner), Ct);
            var answer = await enrolling;

            await Eventually.IsTrue(() => app.IsErased(learner), Ct);
            new[] { HttpStatusCode.Created, HttpStatusCode.Unauthorized }.ShouldContain(answer.Status, answer.Body);
            (await Count("user_courses where user_id = $1 and ended_at is null", learner)).ShouldBe(0);
        }
    }

    [Fact]
    public async Task Access_that_started_after_the_time_of_erasure_ends_at_its_start()
    {
        var (learner, course) = (await app.GivenLearner(), await app.GivenCourse());
        await app.GivenEnrolled(learner, course);

        await app.Deliver(app.Erased(learner) with { ErasedAt = app.Clock.GetUtcNow().AddMinutes(-1) });

        (await app.Database.Scalar<bool>("select ended_at = purchased_at from courses.user_courses where user_id = $1", Ct, learner.Value)).ShouldBeTrue();
    }

    [Fact]
    public async Task Verify_reports_access_or_progress_of_an_erased_learner()
    {
        var (learner, course) = (await app.GivenLearner(), await app.GivenCourse());
        await app.Deliver(app.Erased(learner));
        (await app.Run("verify")).ExitCode.ShouldBe(0);

        await app.GivenAccess(learner, course);
        var verified = await app.Run("verify", "--json");
        await app.Database.Execute("delete from courses.user_courses where user_id = $1", Ct, learner.Value);

        verified.ExitCode.ShouldBe(3, verified.Output);
        JsonNode.Parse(verified.Output)!["checks"]!.AsArray().Select(check => check!["first"]).Where(first => first is not null)
            .ShouldHaveSingleItem()!["user_id"]!.GetValue<long>().ShouldBe(learner.Value);
    }

    private Task<string?> Name(UserId user) => app.Database.Scalar<string>("select full_name from courses.learners where user_id = $1", Ct, user.Value);

    private Task<long> Count(string of, UserId user) => app.Database.Scalar<long>($"select count(*) from courses.{of}", Ct, user.Value);
}
