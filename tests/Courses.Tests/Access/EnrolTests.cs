using System.Net;
using Platform.Contracts;
using Platform.Contracts.Courses;

namespace Platform.Courses.Tests.Access;

public sealed class EnrolTests(CoursesApp app) : IClassFixture<CoursesApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_free_course_opens_at_once_and_the_access_is_published()
    {
        var course = await app.GivenCourse(CoursesApp.Content("Первые клиенты"), lessons: 2);
        var learner = await app.GivenLearner();

        var enrolled = await app.Enrol(learner, course);

        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Body);
        enrolled.Json("courseId").ShouldBe(course.Value);
        enrolled.Json("expiresAt").ShouldBeNull();
        (await CoursesApp.Get(app.Client(learner), $"/api/lessons/{(await app.LessonsOf(course))[1]}")).Status.ShouldBe(HttpStatusCode.OK);
        var published = await app.Broker.Published<CourseAccessGranted>(granted => granted.UserId == learner, Ct);
        (published.CourseId, published.Title, published.Source, published.GrantedAt, published.ExpiresAt)
            .ShouldBe((course, "Первые клиенты", "free", app.Clock.GetUtcNow(), null));
    }

    [Fact]
    public async Task A_person_can_enrol_before_their_registration_arrives_here()
    {
        var (course, learner) = (await app.GivenCourse(), CoursesApp.NewUserId());

        (await app.Enrol(learner, course)).Status.ShouldBe(HttpStatusCode.Created);

        (await app.Mine(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_second_enrolment_in_the_same_course_is_refused()
    {
        var (course, learner) = (await app.GivenCourse(), await app.GivenLearner());
        await app.GivenEnrolled(learner, course);

        (await app.Enrol(learner, course)).ShouldBeProblem(HttpStatusCode.Conflict, "already_enrolled");
        (await app.Enrol(learner, course, key: "again")).ShouldBeProblem(HttpStatusCode.Conflict, "already_enrolled");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifty_concurrent_enrolments_give_one_access_and_one_event(bool sameKey)
    {
        var (course, learner) = (await app.GivenCourse(), await app.GivenLearner());
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(number => app.Enrol(learner, course, sameKey ? key : number % 2 == 0 ? null : $"{key}-{number}")));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(sameKey ? 50 : 1);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.Created))
        {
            refused.ShouldBeProblem(HttpStatusCode.Conflict, "already_enrolled");
        }

        (await Periods(learner, course)).ShouldBe(1);
        await app.Broker.Published<CourseAccessGranted>(granted => granted.UserId == learner, Ct);
        await app.GivenEnrolled(learner, await app.GivenCourse());
        await app.Broker.Published<CourseAccessGranted>(granted => granted.UserId == learner && granted.CourseId != course, Ct);
        app.Broker.Events.Where(message => message.Type == typeof(CourseAccessGranted).FullName).Select(message => message.Read<CourseAccessGranted>())
            .Count(granted => granted.UserId == learner && granted.CourseId == course).ShouldBe(1);
    }

    [Fact]
    public async Task Enrolment_in_a_paid_course_requires_payment()
    {
        var (course, learner) = (await app.GivenCourse(CoursesApp.Content(price: 0.01m)), await app.GivenLearner());

        var refused = await app.Enrol(learner, course);

        refused.ShouldBeProblem(HttpStatusCode.PaymentRequired, "payment_required");
        refused.Json("price").ShouldBe(0.01m);
        (await Periods(learner, course)).ShouldBe(0);
    }

    [Fact]
    public async Task Enrolment_with_paid_access_is_refused_as_already_enrolled()
    {
        var (course, learner) = (await app.GivenCourse(CoursesApp.Content(price: 4900)), await app.GivenLearner());
        await app.GivenAccess(learner, course);

        (await app.Enrol(learner, course)).ShouldBeProblem(HttpStatusCode.Conflict, "already_enrolled");
    }

    [Fact]
    public async Task Enrolment_in_a_withdrawn_or_unknown_course_is_not_found()
    {
        var learner = await app.GivenLearner();
        var withdrawn = await app.GivenCourse(CoursesApp.Content(isActive: false));

        (await app.Enrol(learner, withdrawn)).ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
        (await app.Enrol(learner, new CourseId(999_999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
    }

    [Fact]
    public async Task Staff_who_are_not_registered_cannot_enrol()
    {
        var course = await app.GivenCourse();

        (await CoursesApp.Post(app.Staff(new(7)), $"/api/courses/{course}/enrol", body: null)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Enrolment_waits_for_a_concurrent_price_change()
    {
        var course = await app.GivenCourse();

        await using var pricing = await app.Begin($"update courses.courses set price = 100 where id = {course}");
        var enrolling = app.Enrol(CoursesApp.NewUserId(), course);
        await app.WaitForLock();
        await pricing.Commit();

        (await enrolling).ShouldBeProblem(HttpStatusCode.PaymentRequired, "payment_required");
    }

    private Task<long> Periods(UserId learner, CourseId course) => app.Database.Scalar<long>(
        "select count(*) from courses.user_courses where user_id = $1 and course_id = $2", Ct, learner.Value, course.Value);
}
