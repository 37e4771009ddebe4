using System.Net;

namespace Platform.Users.Tests.People;

public sealed class GetConsentTextTests(SharedUsersApp app)
{
    [Theory]
    [InlineData("", "Согласие можно отозвать")]
    [InlineData("?language=ru", "Согласие можно отозвать")]
    [InlineData("?language=en", "You can withdraw your consent")]
    public async Task Anyone_can_read_the_consent_text_in_their_language(string query, string part)
    {
        var answer = await app.Get($"/api/users/consent{query}");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json("version").ShouldBe("2026-11");
        ((string)answer.Json("text")!).ShouldContain(part);
    }

    [Theory]
    [InlineData("ru", "имя", "телефон", "Telegram", "электронной почты", "город", "дату рождения", "язык", "карт", "заказ", "балл", "урок",
        "письм", "днях", "рекламе", "«Мои данные»")]
    [InlineData("en", "name", "phone", "Telegram", "e-mail", "city", "date of birth", "language", "cards", "orders", "points", "lessons",
        "letters", "days", "campaign", "“My data”")]
    public async Task The_consent_text_names_what_is_stored_and_how_to_export_and_delete_it(string language, params string[] named)
    {
        var text = (string)(await app.Get($"/api/users/consent?language={language}")).Json("text")!;

        foreach (var part in named.Append("/data"))
        {
            text.ShouldContain(part);
        }

        // No API calls and no promises that are not kept.
        foreach (var part in new[] { "/api/", "бонус", "bonus", "днём рождения", "birthday" })
        {
            text.ShouldNotContain(part);
        }
    }

    [Theory]
    [InlineData("de")]
    [InlineData("RU")]
    [InlineData("..%2F..%2Fru")]
    public async Task The_consent_text_is_refused_in_other_languages(string language)
    {
        var refused = await app.Get($"/api/users/consent?language={language}");

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json("errors.language").ShouldNotBeNull();
    }
}
