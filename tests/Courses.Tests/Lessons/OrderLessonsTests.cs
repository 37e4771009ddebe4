using System.Net;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Courses.Tests.Lessons;

public sealed class OrderLessonsTests(SharedCoursesApp app)
{
    [Fact]
    public async Task Lessons_get_the_requested_order()
    {
        var course = await app.GivenCourse(lessons: 4);
        var before = await app.LessonsOf(course);
        long[] wanted = [before[3], before[0], before[2], before[1]];

        var ordered = await Order(course, wanted);

        ordered.Status.ShouldBe(HttpStatusCode.OK, ordered.Body);
        (await app.LessonsOf(course)).ShouldBe(wanted);
        (await app.Audited("lesson.order", $"course:{course}")).ShouldHaveSingleItem();
        // The same order again changes nothing.
        (await Order(course, wanted)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.LessonsOf(course)).ShouldBe(wanted);
    }

    [Fact]
    public async Task Concurrent_reorderings_leave_one_of_the_requested_orders()
    {
        var course = await app.GivenCourse(lessons: 5);
        var lessons = await app.LessonsOf(course);
        var orders = Enumerable.Range(0, 10).Select(turn => lessons.Skip(turn % 5).Concat(lessons.Take(turn % 5)).ToArray()).ToList();

        var answers = await Task.WhenAll(orders.Select(order => Order(course, order)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        var left = await app.LessonsOf(course);
        orders.ShouldContain(order => order.SequenceEqual(left));
    }

    [Fact]
    public async Task A_new_order_must_list_each_lesson_of_the_course_exactly_once()
    {
        var course = await app.GivenCourse(lessons: 3);
        var lessons = await app.LessonsOf(course);
        var another = (await app.LessonsOf(await app.GivenCourse(lessons: 1)))[0];

        (await Order(course, [lessons[0], lessons[1]])).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "lessons_differ");
        (await Order(course, [lessons[0], lessons[1], lessons[1]])).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "lessons_differ");
        (await Order(course, [.. lessons, lessons[0]])).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "lessons_differ");
        (await Order(course, [lessons[0], lessons[1], another])).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "lessons_differ");
        (await app.LessonsOf(course)).ShouldBe(lessons);
    }

    [Fact]
    public async Task Invalid_orders_are_refused()
    {
        var course = await app.GivenCourse(lessons: 1);

        (await Order(course, [])).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await Order(course, [.. Enumerable.Range(1, 501).Select(number => (long)number)])).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await Order(course, [0])).ShouldBeProblem(HttpStatusCode.BadRequest, "body_invalid");
        (await Order(new CourseId(999_999_999), [1])).ShouldBeProblem(HttpStatusCode.NotFound, "course_not_found");
    }

    private Task<Answer> Order(CourseId course, IReadOnlyList<long> lessonIds) =>
        CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}/lessons/order", new { lessonIds });
}
