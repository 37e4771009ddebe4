using System.Net;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Codes;

public sealed class GenerateCodeTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task A_code_is_six_digits_and_valid_for_90_seconds()
    {
        var answer = await app.GenerateCode(await app.GivenGuest());

        answer.Status.ShouldBe(HttpStatusCode.Created);
        ((string)answer.Json("code")!).ShouldMatch("^[0-9]{6}$");
        answer.Json("secondsLeft").ShouldBe(90L);
        DateTimeOffset.Parse((string)answer.Json("expiresAt")!, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(app.Clock.GetUtcNow() + TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Ten_of_50_concurrent_requests_get_a_code_and_one_code_is_live()
    {
        var guest = await app.GivenGuest();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.GenerateCode(guest)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(10);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => (string)answer.Json("code")! == "too_many_codes");
        (await app.LiveCodesOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task An_eleventh_code_is_refused_until_the_first_is_five_minutes_old()
    {
        var (guest, other) = (await app.GivenGuest(), await app.GivenGuest());
        for (var i = 0; i < 10; i++)
        {
            (await app.GenerateCode(guest)).Status.ShouldBe(HttpStatusCode.Created);
            app.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        var refused = await app.GenerateCode(guest);

        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_codes");
        refused.RetryAfter.ShouldBe(200);
        (await app.LiveCodesOf(guest)).ShouldBe(1);
        (await app.GenerateCode(other)).Status.ShouldBe(HttpStatusCode.Created);
        app.Clock.Advance(TimeSpan.FromSeconds(200) - TimeSpan.FromMilliseconds(1));
        (await app.GenerateCode(guest)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_codes");
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await app.GenerateCode(guest)).Status.ShouldBe(HttpStatusCode.Created);
        (await app.GenerateCode(guest)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_codes");
    }

    [Fact]
    public async Task A_repeated_request_returns_the_same_code_with_the_seconds_left_now()
    {
        var guest = await app.GivenGuest();
        var first = await app.GenerateCode(guest, key: "repeated");
        app.Clock.Advance(TimeSpan.FromSeconds(30));

        var again = await app.GenerateCode(guest, key: "repeated");

        again.Json("code").ShouldBe(first.Json("code"));
        again.Json("secondsLeft").ShouldBe(60L);
    }

    [Fact]
    public async Task A_request_repeated_after_the_code_has_ended_returns_a_live_code()
    {
        var guest = await app.GivenGuest();
        var first = await app.GenerateCode(guest, key: "late");
        app.Clock.Advance(TimeSpan.FromSeconds(90));

        var again = await app.GenerateCode(guest, key: "late");

        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Json("code").ShouldNotBe(first.Json("code"));
        again.Json("secondsLeft").ShouldBe(90L);
        (await app.CheckCode(await app.GivenStaff(), (string)again.Json("code")!)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_repeated_request_does_not_replace_a_newer_code()
    {
        var guest = await app.GivenGuest();
        await app.GenerateCode(guest, key: "slow");
        var newer = await app.GenerateCode(guest, key: "quick");

        var again = await app.GenerateCode(guest, key: "slow");

        again.Json("code").ShouldBe(newer.Json("code"));
        (await app.GetCode(guest, (string)newer.Json("code")!)).Json("status").ShouldBe("live");
    }

    [Fact]
    public async Task Calls_waiting_for_new_accounts_do_not_block_other_callers()
    {
        var guest = await app.GivenGuest();
        // More than the pool has connections, and each with a key, like requests from bots.
        var waiting = Enumerable.Range(0, 40).Select(n => app.GenerateCode(app.NewUserId(), key: $"waiting-{n}")).ToList();

        for (var i = 0; i < 5; i++)
        {
            (await app.GetMyAccount(guest)).Status.ShouldBe(HttpStatusCode.OK);
        }

        waiting.ShouldAllBe(asked => !asked.IsCompleted);
        (await Task.WhenAll(waiting)).ShouldAllBe(answer => (string)answer.Json("code")! == "account_opening");
    }

    [Fact]
    public async Task Live_codes_of_different_guests_differ()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.GivenGuest()));

        var codes = await Task.WhenAll(guests.Select(guest => app.GivenCode(guest)));

        codes.Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public async Task A_repeated_key_returns_the_same_code()
    {
        var guest = await app.GivenGuest();

        var first = await app.GenerateCode(guest, key: "client:77:1");
        var again = await app.GenerateCode(guest, key: "client:77:1");

        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Json("code").ShouldBe(first.Json("code"));
    }

    [Fact]
    public async Task A_code_requested_before_the_account_is_open_waits_for_it()
    {
        var newcomer = app.NewUserId();

        var asked = app.GenerateCode(newcomer);
        await app.Register(newcomer);

        (await asked).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_request_is_told_to_retry_if_no_account_opens_within_two_seconds()
    {
        var answer = await app.GenerateCode(app.NewUserId());

        answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "account_opening");
        answer.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_unregistered_caller_gets_no_code()
    {
        (await app.GenerateCodeAsUnregistered(new TelegramId(4711))).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.GenerateCodeAnonymously()).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }
}

/// <summary>Needs its own database, since it uses up all codes.</summary>
public sealed class CodesExhaustedTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_all_numbers_are_taken_requests_are_told_to_retry_and_live_codes_stay_valid()
    {
        var (guest, newcomer) = (await app.GivenGuest(), await app.GivenGuest());
        var held = await app.GivenCode(guest);
        await app.Database.Execute(
            """
            insert into loyalty.payment_codes (code, user_id, issued_at, expires_at, replaced_at)
            select lpad(n::text, 6, '0'), $1, $2 - interval '6 minutes', $2 - interval '5 minutes', $2 - interval '5 minutes'
            from generate_series(0, 999999) n
            on conflict do nothing
            """,
            Ct, newcomer.Value, app.Clock.GetUtcNow());

        foreach (var refused in new[] { await app.GenerateCode(newcomer, key: "full"), await app.GenerateCode(guest) })
        {
            refused.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "codes_exhausted");
            refused.RetryAfter.ShouldBe(30);
        }

        (await app.GetCode(guest, held)).Json("status").ShouldBe("live");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        (await app.GenerateCode(newcomer, key: "full")).Status.ShouldBe(HttpStatusCode.Created);
    }
}
