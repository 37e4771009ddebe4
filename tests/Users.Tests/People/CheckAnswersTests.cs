using System.Net;
using Platform.Testing;

namespace Platform.Users.Tests.People;

public sealed class CheckAnswersTests(SharedUsersApp app)
{
    [Fact]
    public async Task Checked_answers_are_returned_as_they_would_be_stored()
    {
        var telegramId = UsersApp.NewTelegramId();

        var answer = await Check(
            await app.TokenByBot(telegramId),
            new { fullName = " Анна\u202E  Смирнова", phone = "\u202A8 (999) 123-45-67\u202C", city = "Казань\u200B", birthDate = "1994-03-12" });

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        answer.Body.ShouldBe(
            """{"fullName":"Анна Смирнова","phone":"+79991234567","phoneWritten":"+7 999 123-45-67","city":"Казань","birthDate":"1994-03-12"}""");
        (await app.Count($"select count(*) from users where telegram_id = {telegramId}")).ShouldBe(0);
    }

    [Fact]
    public async Task An_invalid_phone_is_refused_by_the_check() =>
        (await Check(await app.TokenByBot(UsersApp.NewTelegramId()), new { phone = "89991112233x" }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "phone_invalid");

    [Theory]
    [InlineData("fullName", "\u3164")]
    [InlineData("fullName", "12345")]
    [InlineData("city", "!!!")]
    [InlineData("birthDate", "2999-01-01")]
    public async Task Other_invalid_answers_are_refused_by_the_check(string field, string value)
    {
        var refused = await Check(await app.TokenByBot(UsersApp.NewTelegramId()), new Dictionary<string, string> { [field] = value });

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json($"errors.{field}").ShouldNotBeNull();
    }

    private Task<Answer> Check(string token, object answers) => app.Post("/api/users/check", answers, token);
}
