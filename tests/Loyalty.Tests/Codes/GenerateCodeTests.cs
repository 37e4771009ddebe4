using System.Net;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Codes;

public sealed class GenerateCodeTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task A_code_is_six_digits_and_lives_90_seconds()
    {
        var answer = await app.GenerateCode(await app.GivenGuest());

        answer.Status.ShouldBe(HttpStatusCode.Created);
        ((string)answer.Json("code")!).ShouldMatch("^[0-9]{6}$");
        answer.Json("secondsLeft").ShouldBe(90L);
        DateTimeOffset.Parse((string)answer.Json("expiresAt")!, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(app.Clock.GetUtcNow() + TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Of_50_codes_asked_for_at_once_one_is_live()
    {
        var guest = await app.GivenGuest();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.GenerateCode(guest)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        (await app.LiveCodesOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task Live_codes_of_different_guests_differ()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.GivenGuest()));

        var codes = await Task.WhenAll(guests.Select(guest => app.GivenCode(guest)));

        codes.Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_code_again()
    {
        var guest = await app.GivenGuest();

        var first = await app.GenerateCode(guest, key: "client:77:1");
        var again = await app.GenerateCode(guest, key: "client:77:1");

        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Json("code").ShouldBe(first.Json("code"));
    }

    [Fact]
    public async Task A_code_asked_for_before_the_account_is_open_waits_for_it()
    {
        var newcomer = app.NewUserId();

        var asked = app.GenerateCode(newcomer);
        await app.Register(newcomer);

        (await asked).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Where_no_account_opens_in_two_seconds_the_answer_is_to_try_again()
    {
        var answer = await app.GenerateCode(app.NewUserId());

        answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "account_opening");
        answer.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_is_not_registered_gets_no_code()
    {
        (await app.GenerateCodeAsUnregistered(new TelegramId(4711))).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.GenerateCodeAnonymously()).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}
