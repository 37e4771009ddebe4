using System.Net;

namespace Platform.Users.Tests.People;

public sealed class GetProfileByTelegramIdTests(SharedUsersApp app)
{
    [Fact]
    public async Task A_profile_is_visible_to_its_person_the_staff_and_the_admin()
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
    public async Task A_bot_token_from_before_the_registration_sees_the_profile()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        (await app.Get($"/api/users/by-telegram/{telegramId}", guest)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

        await app.Register(guest, UsersApp.ProfileDetails());

        (await app.Get($"/api/users/by-telegram/{telegramId}", guest)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_profile_is_not_found_for_anyone_else()
    {
        var person = await app.GivenPerson();

        (await app.Get(Address(person), (await app.GivenPerson()).Token)).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
        (await app.Get(Address(person), await app.TokenByBot(UsersApp.NewTelegramId()))).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task An_unknown_Telegram_id_is_not_found_for_staff()
    {
        (await app.Get($"/api/users/by-telegram/{UsersApp.NewTelegramId()}", await app.GivenStaff()))
            .ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Fact]
    public async Task An_internal_id_does_not_work_as_a_Telegram_id()
    {
        var person = await app.GivenPerson();

        (await app.Get($"/api/users/by-telegram/{person.UserId}", await app.Admin())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }

    [Theory]
    [InlineData("me")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    public async Task An_invalid_Telegram_id_is_refused(string telegramId)
    {
        ((int)(await app.Get($"/api/users/by-telegram/{telegramId}", await app.Admin())).Status).ShouldBeInRange(400, 404);
    }

    private static string Address(Person person) => $"/api/users/by-telegram/{person.TelegramId}";
}
