using System.Net;

namespace Platform.Users.Tests.People;

public sealed class GetConsentTextTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Theory]
    [InlineData("", "Согласие можно отозвать")]
    [InlineData("?language=ru", "Согласие можно отозвать")]
    [InlineData("?language=en", "You may withdraw your consent")]
    public async Task Anyone_may_read_what_people_agree_to_in_his_language(string query, string part)
    {
        var answer = await app.Get($"/api/users/consent{query}");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json("version").ShouldBe("2026-01");
        ((string)answer.Json("text")!).ShouldContain(part);
    }

    [Theory]
    [InlineData("ru", "имя", "телефон", "Telegram", "электронной почты", "город", "дату рождения", "язык", "уроки", "письма", "дни", "рекламе", "«Мои данные»")]
    [InlineData("en", "name", "phone", "Telegram", "e-mail", "city", "date of birth", "language", "lessons", "letters", "days", "campaign", "“My data”")]
    public async Task They_read_what_is_kept_and_how_to_see_and_delete_it(string language, params string[] named)
    {
        var text = (string)(await app.Get($"/api/users/consent?language={language}")).Json("text")!;

        foreach (var part in named.Append("/data").Append("GET /api/users/me/export").Append("DELETE /api/users/me"))
        {
            text.ShouldContain(part);
        }
    }

    [Theory]
    [InlineData("de")]
    [InlineData("RU")]
    [InlineData("..%2F..%2Fru")]
    public async Task There_is_no_other_language(string language)
    {
        var refused = await app.Get($"/api/users/consent?language={language}");

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json("errors.language").ShouldNotBeNull();
    }
}
