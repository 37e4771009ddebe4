using System.Net;
using Platform.Contracts.Users;

namespace Platform.Users.Tests.People;

public sealed class ReferralTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Each_person_has_a_unique_code_of_eight_unambiguous_characters()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => app.GivenPerson()));

        var codes = await Task.WhenAll(people.Select(app.ReferralCodeOf));

        codes.ShouldAllBe(code => System.Text.RegularExpressions.Regex.IsMatch(code, "^[0-9A-HJKMNP-TV-Z]{8}$"));
        codes.Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public async Task A_registration_with_a_code_publishes_the_referral_by_its_owner()
    {
        var referrer = await app.GivenPerson();

        var newcomer = await Register(await app.ReferralCodeOf(referrer), channel: "friends");

        var published = await app.Published<UserReferred>(happened => happened.UserId == newcomer.UserId);
        published.ReferrerId.ShouldBe(referrer.UserId);
        published.ReferredAt.ShouldBe(app.Clock.GetUtcNow());
        var channel = await app.Row($"select channel, referral_user_id, created_at from acquisition_channels where user_id = {newcomer.UserId}");
        channel["channel"].ShouldBe("friends");
        channel["referral_user_id"].ShouldBe(referrer.UserId.Value);
        channel["created_at"].ShouldBe(app.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task A_referral_code_is_accepted_in_every_usual_spelling()
    {
        var referrer = await app.GivenPerson();
        await app.Execute($"update users set referral_code = '01ABCDE9' where id = {referrer.UserId}");

        var newcomer = await Register(" oLabcde9 ");

        (await Referrer(newcomer)).ShouldBe(referrer.UserId.Value);
    }

    [Theory]
    [InlineData("ZZZZZZZZ")]
    [InlineData("")]
    [InlineData("' or 1=1 --")]
    public async Task An_unknown_referral_code_registers_without_a_referrer(string code)
    {
        var newcomer = await Register(code);

        (await app.Count($"select count(*) from acquisition_channels where user_id = {newcomer.UserId}")).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_account_with_the_same_phone_is_not_a_referral()
    {
        var phone = UsersApp.NewPhone();
        var first = await app.GivenPerson(phone);

        var second = await Register(await app.ReferralCodeOf(first), channel: "vk", phone);

        (await Referrer(second)).ShouldBeNull();
    }

    [Fact]
    public async Task A_second_account_with_an_earlier_phone_is_not_a_referral()
    {
        var phone = UsersApp.NewPhone();
        var first = await app.GivenVerifiedPerson(phone);
        (await app.Patch("/api/users/me", new { phone = UsersApp.NewPhone() }, first.Token)).Status.ShouldBe(HttpStatusCode.OK);

        var second = await Register(await app.ReferralCodeOf(first), channel: "vk", phone);

        (await Referrer(second)).ShouldBeNull();
    }

    [Fact]
    public async Task The_channel_is_stored_without_a_referrer()
    {
        var newcomer = await Register(code: null, channel: "insta_2026-spring");

        (await app.Row($"select channel from acquisition_channels where user_id = {newcomer.UserId}"))["channel"].ShouldBe("insta_2026-spring");
    }

    [Fact]
    public async Task A_taken_referral_code_is_generated_again()
    {
        var taken = await app.ReferralCodeOf(await app.GivenPerson());
        // A sequence is not rolled back: the first two codes collide with the taken one.
        await app.Execute(
            $"""
            create sequence draws;
            grant usage on draws to users;
            create function draw_taken() returns trigger language plpgsql as
                $$ begin if nextval('users.draws') <= 2 then new.referral_code := '{taken}'; end if; return new; end $$;
            create trigger draw_taken before insert on users for each row execute function draw_taken();
            """);
        Person person;
        try
        {
            person = await app.GivenPerson();
        }
        finally
        {
            await app.Execute("drop trigger draw_taken on users; drop function draw_taken");
        }

        (await app.Count("select last_value from draws")).ShouldBe(3);
        (await app.ReferralCodeOf(person)).ShouldNotBe(taken);
        (await app.Published<UserRegistered>(happened => happened.TelegramId == person.TelegramId)).UserId.ShouldBe(person.UserId);
    }

    [Theory]
    [InlineData("insert into acquisition_channels (user_id, created_at) select max(id), now() from users")]
    [InlineData("insert into acquisition_channels (user_id, channel, created_at) select max(id), 'Instagram', now() from users")]
    [InlineData("insert into acquisition_channels (user_id, referral_user_id, created_at) select max(id), max(id), now() from users")]
    [InlineData("update users set referral_code = 'AAAAAAAO'")]
    public async Task The_database_refuses_an_invalid_referral(string sql)
    {
        await app.GivenPerson();

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => app.Execute(sql))).SqlState.ShouldBe(Npgsql.PostgresErrorCodes.CheckViolation);
    }

    private async Task<Person> Register(string? code, string? channel = null, string? phone = null)
    {
        var telegramId = UsersApp.NewTelegramId();
        var body = UsersApp.ProfileFields();
        body["phone"] = phone ?? body["phone"];
        body["channel"] = channel;
        body["referralCode"] = code;
        var registered = await app.Register(await app.TokenByBot(telegramId), body);
        registered.Status.ShouldBe(HttpStatusCode.Created, registered.Body);
        return new Person(telegramId, new((long)registered.Json("id")!), await app.TokenByBot(telegramId));
    }

    private async Task<object?> Referrer(Person person) =>
        (await app.Row($"select max(referral_user_id) as referrer from acquisition_channels where user_id = {person.UserId}"))["referrer"];
}
