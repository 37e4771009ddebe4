using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Contracts.Courses;
using Platform.Testing;

namespace Platform.Courses.Tests.Storage;

public sealed class VerbsTests(CoursesApp app) : IClassFixture<CoursesApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrations_rolled_back_and_applied_again_give_the_same_schema()
    {
        // A separate database: the service is using the class's.
        await using var database = await TestDatabase.Create("courses");
        var before = await Catalog(database);

        (await app.Run(database, "migrate", "rollback", "0")).ExitCode.ShouldBe(0);
        var without = await Catalog(database);
        var again = await app.Run(database, "migrate");

        again.ExitCode.ShouldBe(0, again.Output);
        before.Count.ShouldBeGreaterThan(100);
        without.ShouldAllBe(thing => thing.StartsWith("courses.__migrations.", StringComparison.Ordinal));
        (await Catalog(database)).ShouldBe(before);
    }

    [Fact]
    public async Task Seeding_adds_and_publishes_six_demo_courses_once()
    {
        await using var database = await TestDatabase.Create("courses");

        var first = await app.Run(database, "seed-demo", "--json");
        await database.Execute("update courses.courses set title = 'Свой' where id = 900001", Ct);
        var rows = await Rows(database);
        var second = await app.Run(database, "seed-demo", "--json");

        first.ExitCode.ShouldBe(0, first.Output);
        Added(first).ShouldBe(6 + 36);
        Added(second).ShouldBe(0);
        (await Rows(database)).ShouldBe(rows);
        (await database.Scalar<long>("select count(*) from courses.courses where is_active", Ct)).ShouldBe(6);
        (await database.Scalar<long>("select count(distinct category) from courses.courses", Ct)).ShouldBe(6);
        (await database.Scalar<long>("select count(*) from courses.lessons where is_free and \"order\" = 1", Ct)).ShouldBe(6);
        (await database.Scalar<long>($"select count(*) from courses.outbox where type = '{typeof(CoursePriced).FullName}'", Ct)).ShouldBe(6);
        (await app.Run(database, "verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Demo_data_is_the_same_in_every_database()
    {
        await using var one = await TestDatabase.Create("courses");
        await using var other = await TestDatabase.Create("courses");

        await app.Run(one, "seed-demo");
        await app.Run(other, "seed-demo");

        (await Rows(one)).ShouldBe(await Rows(other));
    }

    [Fact]
    public async Task Resync_publishes_the_current_state_of_every_course()
    {
        var course = await app.GivenCourse(CoursesApp.Content("Маникюр", price: 100));
        await CoursesApp.Put(app.TheAdmin, $"/api/courses/{course}", CoursesApp.Content("Маникюр", price: 200, isActive: false));
        await Eventually.IsTrue(() => Task.FromResult(CountPublished(course) == 2), Ct);

        var resynced = await app.Run("resync", "--json");

        resynced.ExitCode.ShouldBe(0, resynced.Output);
        await Eventually.IsTrue(() => Task.FromResult(CountPublished(course) == 3), Ct);
        var last = app.Broker.Events.Where(message => message.Type == typeof(CoursePriced).FullName).Select(message => message.Read<CoursePriced>())
            .Last(priced => priced.CourseId == course);
        (last.Title, last.Price, last.Offered, last.Version).ShouldBe(("Маникюр", new Money(200), false, 2L));
    }

    [Fact]
    public async Task Verify_reports_a_gap_in_the_positions_of_lessons()
    {
        var course = await app.GivenCourse(lessons: 3);
        (await app.Run("verify")).ExitCode.ShouldBe(0);

        await app.Database.Execute("update courses.lessons set \"order\" = 5 where course_id = $1 and \"order\" = 2", Ct, course.Value);
        var verified = await app.Run("verify");
        await app.Database.Execute("update courses.lessons set \"order\" = 2 where course_id = $1 and \"order\" = 5", Ct, course.Value);

        verified.ExitCode.ShouldBe(3, verified.Output);
        verified.Output.ShouldContain($"course_id {course}");
    }

    private int CountPublished(CourseId course) => app.Broker.Events.Count(message =>
        message.Type == typeof(CoursePriced).FullName && message.Read<CoursePriced>().CourseId == course);

    /// <summary>Skips what the program logs while it starts.</summary>
    private static long Added(ProcessOutcome seeded) =>
        (long)JsonNode.Parse(seeded.Output[seeded.Output.IndexOf('{', StringComparison.Ordinal)..])!["parts"]!.AsArray().ShouldHaveSingleItem()!["count"]!;

    private static Task<IReadOnlyList<string>> Rows(TestDatabase database) => database.Column<string>(
        """
        select concat_ws('|', id, title, description, category, cover_image_url, is_top, price, duration_hours, access_days) from courses.courses
        union all
        select concat_ws('|', id, course_id, title, "order", video_url, video_duration, pdf_url, is_free) from courses.lessons
        order by 1
        """, Ct);

    private static Task<IReadOnlyList<string>> Catalog(TestDatabase database) => database.Column<string>(
        """
        select format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, is_nullable) as thing
        from information_schema.columns where table_schema = 'courses'
        union all
        select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
        where connamespace = 'courses'::regnamespace and conrelid::regclass::text not like '%\_\_migrations'
        union all
        select indexdef from pg_indexes where schemaname = 'courses' and tablename <> '__migrations'
        union all
        select format('%s %s', oid::regclass, relacl) from pg_class
        where relnamespace = 'courses'::regnamespace and relkind in ('r', 'p') and relname <> '__migrations'
        order by thing
        """, Ct);
}
