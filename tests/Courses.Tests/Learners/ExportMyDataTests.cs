using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Courses.Tests.Learners;

public sealed class ExportMyDataTests(SharedCoursesApp app)
{
    private const string Address = "/api/courses/export";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_export_has_everything_about_the_learner_and_nothing_about_others()
    {
        var (anna, boris) = (await app.GivenLearner("Анна Петрова", "Казань", new TelegramId(8_001)), await app.GivenLearner("Борис Котов", "Сочи"));
        var bought = await app.GivenCourse(CoursesApp.Content("Маникюр", price: 4900), lessons: 2);
        var free = await app.GivenCourse(CoursesApp.Content("Клиенты"));
        await app.GivenAccess(anna, bought, endedAt: app.Clock.GetUtcNow());
        await app.GivenAccess(anna, bought);
        await app.GivenEnrolled(anna, free);
        await app.GivenEnrolled(boris, free);
        foreach (var lesson in await app.LessonsOf(bought))
        {
            await app.GivenCompleted(anna, new LessonId(lesson));
        }

        var export = JsonNode.Parse((await CoursesApp.Get(app.Client(anna), Address)).Body)!;

        export["learner"]!.ToJsonString(Readable).ShouldBe($$"""{"userId":{{anna}},"telegramId":8001,"fullName":"Анна Петрова","city":"Казань"}""");
        export["courses"]!.AsArray().Select(period => ((string)period!["title"]!, (string)period["source"]!, period["endedAt"] is not null))
            .ShouldBe([("Маникюр", "payment", true), ("Маникюр", "payment", false), ("Клиенты", "free", false)]);
        export["lessons"]!.AsArray().Select(lesson => ((string)lesson!["title"]!, (bool)lesson["completed"]!, (int)lesson["watchTime"]!))
            .ShouldBe([("Урок 1", true, 600), ("Урок 2", true, 600)]);
    }

    [Fact]
    public async Task Every_table_with_a_user_id_is_covered_by_the_export()
    {
        var tables = await app.Database.Column<string>(
            """
            select distinct table_name::text from information_schema.columns
            where table_schema = 'courses' and column_name like '%user\_id%' and table_name !~ '_[0-9]+$' order by 1
            """, Ct);

        // revoked_users only says that tokens are refused.
        tables.ShouldBe(["learners", "revoked_users", "user_courses", "user_progress"]);
    }

    [Fact]
    public async Task The_export_is_empty_for_unknown_learners_and_unregistered_staff()
    {
        const string Empty = """{"learner":null,"courses":[],"lessons":[]}""";

        (await CoursesApp.Get(app.Client(CoursesApp.NewUserId()), Address)).Body.ShouldBe(Empty);
        (await CoursesApp.Get(app.TheAdmin, Address)).Body.ShouldBe(Empty);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Readable =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
