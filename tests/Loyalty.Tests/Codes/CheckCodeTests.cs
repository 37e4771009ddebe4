using System.Net;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Codes;

public sealed class CheckCodeTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task The_staff_learn_whose_code_it_is_and_it_stays_good()
    {
        var guest = await app.GivenGuest(points: 120);
        var staff = await app.GivenStaff();
        var code = await app.GivenCode(guest, secondsAgo: 30);

        var checkedOnce = await app.CheckCode(staff, code);
        var checkedAgain = await app.CheckCode(staff, code);
        var order = await app.PlaceOrder(staff, new { code, amount = 100 });

        checkedOnce.Status.ShouldBe(HttpStatusCode.OK);
        checkedOnce.Json("userId").ShouldBe(guest.Value);
        ((long)checkedOnce.Json("secondsLeft")!).ShouldBeInRange(58, 60);
        checkedOnce.Json("balance").ShouldBe(120L);
        checkedOnce.Json("level").ShouldBe("silver");
        checkedAgain.Status.ShouldBe(HttpStatusCode.OK);
        order.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_code_that_does_not_pay_is_refused_for_the_reason_that_an_order_gives()
    {
        var staff = await app.GivenStaff();
        var guest = await app.GivenGuest();
        var used = await app.GivenCode(guest);
        await app.PlaceOrder(staff, new { code = used, amount = 100 });
        var replaced = await app.GivenCode(guest);
        var expired = await app.GivenCode(guest, secondsAgo: 90);

        (await app.CheckCode(staff, used)).ShouldBeProblem(HttpStatusCode.Conflict, "code_used");
        (await app.CheckCode(staff, replaced)).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        (await app.CheckCode(staff, expired)).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        (await app.CheckCode(staff, await app.FreeCode())).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
    }

    [Fact]
    public async Task Wrong_codes_count_together_whatever_they_are_entered_for()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        var ways = WaysToEnter(staff);
        for (var i = 0; i < 10; i++)
        {
            (await ways[i % 3](free)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        }

        foreach (var enter in ways)
        {
            var wrong = await enter(free);
            var right = await enter(await app.GivenCode(await app.GivenGuest()));

            wrong.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
            wrong.RetryAfter.ShouldNotBeNull().ShouldBeInRange(1, 60);
            right.ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
        }

        (await app.CheckCode(await app.GivenStaff(), free)).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        await app.GivenMinutePassedFor(staff);
        (await app.CheckCode(staff, await app.GivenCode(await app.GivenGuest()))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_60_guesses_at_once_through_all_ways_in_10_are_judged()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        var ways = WaysToEnter(staff);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => ways[i % 3](free)));

        answers.Count(answer => answer.Status == HttpStatusCode.NotFound).ShouldBe(10);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(50);
    }

    [Fact]
    public async Task After_ten_wrong_ones_at_once_a_right_one_is_refused_however_often_it_is_tried_at_once()
    {
        var staff = await app.GivenStaff();
        var free = await app.FreeCode();
        var right = await app.GivenCode(await app.GivenGuest());

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.CheckCode(staff, free)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.CheckCode(staff, right)));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("")]
    public async Task A_code_is_six_digits(string code)
    {
        (await app.CheckCode(await app.GivenStaff(), code)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    private Func<string, Task<Answer>>[] WaysToEnter(StaffId staff) =>
    [
        code => app.CheckCode(staff, code),
        code => app.Preview(staff, new { code, amount = 100 }),
        code => app.PlaceOrder(staff, new { code, amount = 100 }),
    ];
}
