using System.Net;

namespace Platform.Users.Tests.People;

public sealed class GetMeTests(SharedUsersApp app)
{
    [Fact]
    public async Task A_registered_person_sees_their_profile()
    {
        var person = await app.GivenPerson();

        var me = await app.Get("/api/users/me", person.Token);

        me.Status.ShouldBe(HttpStatusCode.OK);
        me.Json("id").ShouldBe(person.UserId.Value);
    }

    [Fact]
    public async Task A_registered_member_of_the_staff_sees_their_profile()
    {
        var person = await app.GivenPerson();
        var token = await app.GivenStaff(person.TelegramId);

        (await app.Get("/api/users/me", token)).Json("id").ShouldBe(person.UserId.Value);
    }

    [Fact]
    public async Task An_admin_who_is_not_registered_has_no_profile()
    {
        (await app.Get("/api/users/me", await app.Admin())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
    }
}
