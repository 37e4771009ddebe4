using Platform.Users.People;

namespace Platform.Users.Tests.People;

public sealed class PeopleChecksTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Verification_passes_after_registrations_and_blocks()
    {
        await app.GivenPerson();
        await app.Block((await app.GivenPerson()).UserId);

        (await Rows(PeopleChecks.ProvenPhonesNotRecorded)).ShouldBe(0);
        (await Rows(PeopleChecks.BlockedWithAccess)).ShouldBe(0);
    }

    [Fact]
    public async Task Verification_finds_a_proven_phone_that_is_not_recorded()
    {
        var person = await app.GivenVerifiedPerson(UsersApp.NewPhone());

        await app.Execute($"delete from seen_phones where user_id = {person.UserId}");

        (await Rows(PeopleChecks.ProvenPhonesNotRecorded)).ShouldBe(1);
        await app.Execute($"insert into seen_phones select phone, id, created_at, phone_verified_at from users where id = {person.UserId}");
    }

    [Fact]
    public async Task Verification_finds_a_blocked_person_with_live_tokens()
    {
        var (oneWay, otherWay) = (await app.GivenPerson(), await app.GivenPerson());
        await app.Block(oneWay.UserId);
        await app.Block(otherWay.UserId);

        await app.Execute($"update token_families set revoked_at = null, revoked_because = null where telegram_id = {oneWay.TelegramId}");
        await app.Execute($"update revoked_users set blocked = false where user_id = {otherWay.UserId}");

        (await Rows(PeopleChecks.BlockedWithAccess)).ShouldBe(2);
        await app.Unblock(oneWay.UserId);
        await app.Unblock(otherWay.UserId);
    }

    [Fact]
    public async Task Verification_finds_a_blocked_person_with_a_live_e_mail_sign_in()
    {
        var email = SandboxMail.NewAddress();
        var person = await app.GivenPersonWith(email);
        await app.SignInByEmail(email);
        await app.Block(person.UserId);

        await app.Execute($"update token_families set revoked_at = null, revoked_because = null where email = '{email}'");

        (await Rows(PeopleChecks.BlockedWithAccess)).ShouldBe(1);
        await app.Unblock(person.UserId);
    }

    private Task<long> Rows(string check) => app.Count($"select count(*) from ({check}) found");
}
