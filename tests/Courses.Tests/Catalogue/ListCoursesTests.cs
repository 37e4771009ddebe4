using System.Net;
using Platform.Contracts;

namespace Platform.Courses.Tests.Catalogue;

public sealed class ListCoursesTests(SharedCoursesApp app)
{
    private const string Address = "/api/courses";

    [Fact]
    public async Task A_visitor_sees_offered_courses_with_price_and_number_of_lessons()
    {
        var word = CoursesApp.NewWord();
        var course = await app.GivenCourse(CoursesApp.Content(word, price: 4900, category: "pedicure", isTop: true), lessons: 2);

        var listed = (await app.AllOf(app.Visitor(), $"{Address}?query={word}")).ShouldHaveSingleItem();

        ((long)listed["id"]!).ShouldBe(course.Value);
        ((string)listed["title"]!).ShouldBe(word);
        ((string)listed["category"]!).ShouldBe("pedicure");
        ((bool)listed["isTop"]!).ShouldBeTrue();
        listed["price"]!.ToJsonString().ShouldBe("4900.00");
        ((int)listed["lessons"]!).ShouldBe(2);
    }

    [Fact]
    public async Task Courses_of_the_month_come_first_then_the_newest()
    {
        var word = CoursesApp.NewWord();
        var older = await app.GivenCourse(CoursesApp.Content(word));
        var olderTop = await app.GivenCourse(CoursesApp.Content(word, isTop: true));
        var newerTop = await app.GivenCourse(CoursesApp.Content(word, isTop: true));
        var newer = await app.GivenCourse(CoursesApp.Content(word));

        (await Ids($"{Address}?query={word}")).ShouldBe([newerTop, olderTop, newer, older]);
        (await Ids($"{Address}?query={word}&top=true")).ShouldBe([newerTop, olderTop]);
        (await Ids($"{Address}?query={word}&top=false")).Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task The_catalogue_is_paged_with_each_course_once(int limit)
    {
        var word = CoursesApp.NewWord();
        var courses = new List<CourseId>();
        for (var number = 0; number < 5; number++)
        {
            courses.Add(await app.GivenCourse(CoursesApp.Content(word, isTop: number is 1 or 3)));
        }

        var pages = await CoursesApp.Pages(app.Visitor(), $"{Address}?query={word}&limit={limit}");

        pages.SelectMany(page => page).Select(item => new CourseId((long)item["id"]!)).ShouldBe([courses[3], courses[1], courses[4], courses[2], courses[0]]);
        pages.ShouldAllBe(page => page.Count <= limit);
        pages.Count.ShouldBe((5 + limit - 1) / limit);
    }

    [Fact]
    public async Task The_category_filter_lists_only_its_courses()
    {
        var word = CoursesApp.NewWord();
        var brows = await app.GivenCourse(CoursesApp.Content(word, category: "eyebrows"));
        await app.GivenCourse(CoursesApp.Content(word, category: "eyelashes"));

        (await Ids($"{Address}?category=eyebrows&query={word}")).ShouldBe([brows]);
        (await Ids($"{Address}?category=eyebrows&limit=100")).ShouldContain(brows);
        (await Ids($"{Address}?category=nothing")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_withdrawn_course_is_not_listed()
    {
        var word = CoursesApp.NewWord();
        var course = await app.GivenCourse(CoursesApp.Content(word));
        (await Ids($"{Address}?query={word}")).ShouldBe([course]);

        await CoursesApp.Put(app.TheAdmin, $"{Address}/{course}", CoursesApp.Content(word, isActive: false));

        (await Ids($"{Address}?query={word}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("маникюр")]
    [InlineData("МАНИКЮРА")]
    [InlineData("аппаратного маникюра")]
    [InlineData("аппаратного ман")]
    [InlineData("apparatus")]
    [InlineData("дело своё")]
    [InlineData("дело свое")]
    [InlineData("  гель-лак!  ")]
    [InlineData("3D")]
    public async Task A_course_is_found_by_words_of_its_title_and_description_in_any_form(string query)
    {
        var course = await app.GivenCourse(CoursesApp.Content("Аппаратный маникюр 3D (apparatus)", description: "Своё дело, гель-лаки и клиенты"));

        (await Ids($"{Address}?query={Uri.EscapeDataString(query)}&limit=100")).ShouldContain(course);
    }

    [Theory]
    [InlineData("аппаратный педикюр")]
    [InlineData("ман аппаратный")]
    [InlineData("никюр")]
    [InlineData("!!!")]
    [InlineData("'; drop table courses; --")]
    [InlineData("маникюр & !педикюр:*")]
    public async Task A_course_is_not_found_by_other_words(string query)
    {
        var course = await app.GivenCourse(CoursesApp.Content("Аппаратный маникюр", description: "Своё дело, гель-лаки и клиенты"));

        (await Ids($"{Address}?query={Uri.EscapeDataString(query)}&limit=100")).ShouldNotContain(course);
    }

    [Fact]
    public async Task An_empty_query_or_category_lists_everything()
    {
        var course = await app.GivenCourse(CoursesApp.Content(isTop: true));

        (await Ids($"{Address}?query=&category=&limit=100")).ShouldContain(course);
        (await Ids($"{Address}?query=%20&limit=100")).ShouldContain(course);
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=101", "limit")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?after=17", "after")]
    [InlineData("?after=2-17", "after")]
    [InlineData("?after=1-0", "after")]
    [InlineData("?top=perhaps", "top")]
    public async Task Invalid_catalogue_parameters_are_refused(string query, string field)
    {
        var refused = await CoursesApp.Get(app.Visitor(), Address + query);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json($"errors.{field}").ShouldNotBeNull(refused.Body);
    }

    [Fact]
    public async Task A_query_or_category_longer_than_100_characters_is_refused()
    {
        var tooLong = new string('я', 101);

        (await CoursesApp.Get(app.Visitor(), $"{Address}?query={tooLong}")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await CoursesApp.Get(app.Visitor(), $"{Address}?category={tooLong}")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await CoursesApp.Get(app.Visitor(), $"{Address}?query={tooLong[..100]}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<IReadOnlyList<CourseId>> Ids(string address) =>
        [.. (await app.AllOf(app.Visitor(), address)).Select(item => new CourseId((long)item["id"]!))];
}
