using System.Net;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Codes;

public sealed class GetCodeTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task A_live_code_shows_its_remaining_seconds()
    {
        var guest = await app.GivenGuest();
        var code = await app.GivenCode(guest, secondsAgo: 20);

        var answer = await app.GetCode(guest, code);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Json("code").ShouldBe(code);
        answer.Json("status").ShouldBe("live");
        ((long)answer.Json("secondsLeft")!).ShouldBeInRange(68, 70);
        answer.Json("orderId").ShouldBeNull();
    }

    [Fact]
    public async Task A_used_code_shows_its_order_even_after_expiry()
    {
        var guest = await app.GivenGuest();
        var code = await app.GivenCode(guest);
        var order = await app.PlaceOrder(await app.GivenStaff(), new { code, amount = 100 });
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        var answer = await app.GetCode(guest, code);

        answer.Json("status").ShouldBe("used");
        answer.Json("secondsLeft").ShouldBe(0L);
        answer.Json("orderId").ShouldBe(order.Json("orderId"));
    }

    [Fact]
    public async Task A_code_is_shown_as_replaced_or_expired()
    {
        var guest = await app.GivenGuest();
        var older = await app.GivenCode(guest);
        var newer = await app.GivenCode(guest, secondsAgo: 90);

        (await app.GetCode(guest, older)).Json("status").ShouldBe("replaced");
        (await app.GetCode(guest, newer)).Json("status").ShouldBe("expired");
        (await app.GetCode(guest, newer)).Json("secondsLeft").ShouldBe(0L);
    }

    [Fact]
    public async Task A_code_of_another_guest_is_indistinguishable_from_an_unknown_one()
    {
        var guest = await app.GivenGuest();
        var code = await app.GivenCode(guest);

        var others = await app.GetCode(await app.GivenGuest(), code);
        var unknown = await app.GetCode(guest, await app.FreeCode());

        others.ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        others.WithoutTraceId().ShouldBe(unknown.WithoutTraceId());
    }

    [Fact]
    public async Task A_code_reissued_to_another_guest_is_not_found_for_its_previous_owner()
    {
        var guest = await app.GivenGuest();
        var code = await app.GivenCode(guest);
        await app.Database.Execute(
            "update loyalty.payment_codes set user_id = $2 where code = $1", TestContext.Current.CancellationToken, code, (await app.GivenGuest()).Value);

        (await app.GetCode(guest, code)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
    }

    [Fact]
    public async Task An_unregistered_caller_is_refused()
    {
        using var response = await app.Guest(new TelegramId(4711)).GetAsync("/api/loyalty/codes/123456", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
