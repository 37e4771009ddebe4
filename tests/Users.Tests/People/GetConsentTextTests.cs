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
