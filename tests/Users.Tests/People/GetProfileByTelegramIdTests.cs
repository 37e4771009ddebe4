using System.Net;

namespace Platform.Users.Tests.People;

public sealed class GetProfileByTelegramIdTests(SharedUsersApp app)
{
    [Fact]
    public async Task The_person_the_staff_and_the_admin_see_the_profile()
    {
        var person = await app.GivenPerson();

        foreach (var token in new[] { person.Token, await app.GivenStaff(), await app.Admin() })
        {
            var profile = await app.Get(Address(person), token);
            profile.Status.ShouldBe(HttpStatusCode.OK);
            profile.Json("id").ShouldBe(person.UserId.Value);
            profile.Json("telegramId").ShouldBe(person.TelegramId.Value);
        }
    }

    [Fact]
    public async Task A_bot_sees_him_with_a_token_that_it_got_before_he_registered()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        (await app.Get($"/api/users/by-telegram/{telegramId}", guest)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

        await app.Register(guest, UsersApp.Particulars());

        (await app.Get($"/api/users/by-telegram/{telegramId}", guest)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task For_everybody_else_there_is_no_such_person()
    {
        var person = await app.GivenPerson();

        (await app.Get(Address(person), (await app.GivenPerson()).Token)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
        (await app.Get(Address(person), await app.TokenByBot(UsersApp.NewTelegramId()))).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task Staff_are_told_when_nobody_has_this_id()
    {
        (await app.Get($"/api/users/by-telegram/{UsersApp.NewTelegramId()}", await app.GivenStaff())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task An_internal_id_is_no_Telegram_id()
    {
        var person = await app.GivenPerson();

        (await app.Get($"/api/users/by-telegram/{person.UserId}", await app.Admin())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Theory]
    [InlineData("me")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    public async Task What_is_no_Telegram_id_is_refused(string telegramId)
    {
        ((int)(await app.Get($"/api/users/by-telegram/{telegramId}", await app.Admin())).Status).ShouldBeInRange(400, 404);
    }

    private static string Address(Person person) => $"/api/users/by-telegram/{person.TelegramId}";
}
