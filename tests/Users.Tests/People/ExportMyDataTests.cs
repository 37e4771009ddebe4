using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Users.Tests.People;

public sealed class ExportMyDataTests(SharedUsersApp app)
{
    [Fact]
    public async Task The_export_has_everything_that_users_stores_about_a_person()
    {
        var referrer = await app.GivenPerson();
        var telegramId = UsersApp.NewTelegramId();
        var phone = UsersApp.NewPhone();
        await app.Register(await app.TokenByBot(telegramId), new
        {
            fullName = "Вера Павлова", phone, consentPersonalData = true, city = "Казань", birthDate = "1990-05-17", username = "vera_p", language = "en",
            channel = "instagram", referralCode = await app.ReferralCodeOf(referrer),
        });

        await app.Execute(
            $"insert into activity_days (user_id, day, kind, count, spent) select id, '2026-01-15', 'order', 2, 700.50 from users where telegram_id = {telegramId}");

        var answer = await app.Get("/api/users/export", await app.TokenByBot(telegramId));

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        var held = JsonNode.Parse(answer.Body)!;
        var profile = held["profile"]!.AsObject();
        profile.ShouldSatisfyAllConditions(
            () => ((string?)profile["fullName"]).ShouldBe("Вера Павлова"),
            () => ((string?)profile["phone"]).ShouldBe(phone),
            () => ((string?)profile["city"]).ShouldBe("Казань"),
            () => ((string?)profile["birthDate"]).ShouldBe("1990-05-17"),
            () => ((string?)profile["username"]).ShouldBe("vera_p"),
            () => ((long?)profile["telegramId"]).ShouldBe(telegramId.Value));
        ((string?)held["consent"]!["by"]).ShouldBe($"telegram:{telegramId}");
        ((string?)held["acquisition"]!["channel"]).ShouldBe("instagram");
        ((long?)held["acquisition"]!["referredBy"]).ShouldBe(referrer.UserId.Value);
        held["activity"]!.ToJsonString().ShouldBe("""[{"day":"2026-01-15","kind":"order","count":2,"spent":700.50}]""");
        held["signIns"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_export_has_earlier_proven_numbers()
    {
        var (before, now) = (UsersApp.NewPhone(), UsersApp.NewPhone());
        var person = await app.GivenVerifiedPerson(before);
        await app.Patch("/api/users/me", new { phone = now }, person.Token);

        var held = JsonNode.Parse((await app.Get("/api/users/export", person.Token)).Body)!;

        held["phones"]!.AsArray().Select(phone => (string)phone!).ShouldBe([before, now], ignoreOrder: true);
    }

    [Fact]
    public async Task The_export_of_staff_who_are_not_registered_is_empty()
    {
        var answer = await app.Get("/api/users/export", await app.GivenStaff());

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        JsonNode.Parse(answer.Body)!["profile"].ShouldBeNull();
    }
}
