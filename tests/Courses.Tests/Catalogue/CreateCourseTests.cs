using System.Net;
using Platform.Contracts;
using Platform.Contracts.Courses;

namespace Platform.Courses.Tests.Catalogue;

public sealed class CreateCourseTests(SharedCoursesApp app)
{
    private const string Address = "/api/courses";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_creates_a_course_and_its_price_is_published()
    {
        var made = await CoursesApp.Post(app.TheAdmin, Address, new
        {
            title = "  Ресницы  ",
            description = "Классика",
            fullDescription = "Первая строка\nвторая строка",
            category = "eyelashes",
            coverImageUrl = "https://media.example.com/cover.jpg",
            isTop = true,
            price = 5500.50m,
            durationHours = 20,
            accessDays = 365,
        });

        made.Status.ShouldBe(HttpStatusCode.Created, made.Body);
        var course = new CourseId((long)made.Json("id")!);
        made.Location.ShouldBe($"/api/courses/{course}");
        made.Json("title").ShouldBe("Ресницы");
        made.Json("fullDescription").ShouldBe("Первая строка\nвторая строка");
        made.Json("price").ShouldBe(5500.50m);
        made.Json("isActive").ShouldBe(true);
        made.Json("version").ShouldBe(1L);
        made.Json("lessons").ShouldBe("[]");

        var published = await app.Broker.Published<CoursePriced>(priced => priced.CourseId == course, Ct);
        (published.Title, published.Price, published.Offered, published.Version).ShouldBe(("Ресницы", new Money(5500.50m), true, 1L));
        (await app.Audited("course.create", $"course:{course}")).ShouldHaveSingleItem().ShouldContain("Ресницы");
    }

    [Fact]
    public async Task Fields_left_out_get_their_defaults()
    {
        var made = await CoursesApp.Post(app.TheAdmin, Address, new { title = "Брови", description = "Форма", category = "eyebrows" });

        made.Status.ShouldBe(HttpStatusCode.Created, made.Body);
        made.Json("price").ShouldBe(0L);
        made.Json("isTop").ShouldBe(false);
        made.Json("isActive").ShouldBe(true);
        made.Json("accessDays").ShouldBeNull();
    }

    [Fact]
    public async Task One_key_creates_one_course_and_refuses_another_request()
    {
        var (key, word) = (Guid.NewGuid().ToString(), CoursesApp.NewWord());

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CoursesApp.Post(app.TheAdmin, Address, CoursesApp.Content(word), key)));
        var other = await CoursesApp.Post(app.TheAdmin, Address, CoursesApp.Content($"{word} другое"), key);

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Select(answer => answer.Json("id")).Distinct().ShouldHaveSingleItem();
        other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.Database.Scalar<long>("select count(*) from courses.courses where title = $1", Ct, word)).ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_category_is_refused()
    {
        var refused = await CoursesApp.Post(app.TheAdmin, Address, CoursesApp.Content(category: "hair"));

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "category_unknown");
    }

    [Theory]
    [InlineData("title", null)]
    [InlineData("title", "   ")]
    [InlineData("title", "two\nlines")]
    [InlineData("title", 256)]
    [InlineData("description", " ")]
    [InlineData("description", 2_001)]
    [InlineData("fullDescription", " ")]
    [InlineData("fullDescription", 20_001)]
    [InlineData("category", 101)]
    [InlineData("coverImageUrl", "cover.jpg")]
    [InlineData("coverImageUrl", "javascript:alert(1)")]
    [InlineData("coverImageUrl", "https://media.example.com/a b.jpg")]
    [InlineData("price", -0.01)]
    [InlineData("price", 1_000_000.01)]
    [InlineData("durationHours", 0)]
    [InlineData("durationHours", 10_001)]
    [InlineData("accessDays", 0)]
    [InlineData("accessDays", 3_651)]
    public async Task An_invalid_course_field_is_named(string field, object? value)
    {
        var body = new Dictionary<string, object?> { ["title"] = "Маникюр", ["description"] = "Покрытие", ["category"] = "manicure" };
        // A number stands for a text of that length.
        body[field] = value is int length && field is "title" or "description" or "fullDescription" or "category" ? new string('я', (int)(value ?? 0)) : value;

        var refused = await CoursesApp.Post(app.TheAdmin, Address, body);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Body);
        refused.Json($"errors.{field}").ShouldNotBeNull(refused.Body);
    }

    [Theory]
    [InlineData("""{"title":"Маникюр","description":"Покрытие","category":"manicure","price":9.999}""")]
    [InlineData("""{"title":"Маникюр","description":"Покрытие","category":"manicure","price":"100"}""")]
    [InlineData("""{"title":"Маникюр","description":"Покрытие","category":"manicure","id":5}""")]
    [InlineData("""{"title":"Маникюр","description":"Покрытие"}""")]
    [InlineData("""{"title":"Маникюр\u0000","description":"Покрытие","category":"manicure"}""")]
    [InlineData("[]")]
    public async Task A_malformed_course_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await app.TheAdmin.PostAsync(new Uri(Address, UriKind.Relative), content, Ct);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync(Ct));
    }
}
