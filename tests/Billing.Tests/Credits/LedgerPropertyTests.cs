using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Platform.Billing.Tests.Credits;

/// <summary>Random deductions, one after the other and all at once, compared with a simple model.</summary>
public sealed class LedgerPropertyTests(BillingApp app) : IClassFixture<BillingApp>
{
    private const decimal Start = 50.00m;
    private const decimal Overdraft = 5.00m;

    /// <summary>Small enough that many fit, large enough to use up the credits, with few enough keys that they repeat.</summary>
    private static readonly Arbitrary<Step[]> Sequences = Arb.Array(Arb.From(
        from hundredths in Gen.Choose(1, 2_000)
        from key in Gen.Choose(0, 12)
        select new Step(hundredths / 100m, key < 8 ? null : $"key-{key}")));

    [Fact]
    public void Sequential_deductions_match_the_model() =>
        Check.One(Runs(60), Prop.ForAll(Sequences, steps => Wait(Sequentially(steps))));

    [Fact]
    public void Concurrent_deductions_leave_the_balance_that_their_answers_add_up_to() =>
        Check.One(Runs(30), Prop.ForAll(Sequences, steps => Wait(Concurrently(steps))));

    [Fact]
    public async Task Verify_passes_after_concurrent_deductions()
    {
        await Concurrently([.. Enumerable.Range(0, 40).Select(n => new Step(3.33m, n % 3 == 0 ? $"key-{n / 6}" : null))]);

        await app.ShouldAddUp();
    }

    private async Task<bool> Sequentially(Step[] steps)
    {
        var person = await app.GivenPerson();
        var balance = Start;
        var done = new Dictionary<string, (decimal Amount, string Answer)>();
        foreach (var step in steps)
        {
            var answer = await app.DeductByBot(person, step.Amount, step.Key);
            if (step.Key is not null && done.TryGetValue(step.Key, out var earlier))
            {
                answer.Status.ShouldBe(earlier.Amount == step.Amount ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity);
                if (earlier.Amount == step.Amount)
                {
                    answer.Body.ShouldBe(earlier.Answer);
                }
            }
            else if (balance - step.Amount < -Overdraft)
            {
                answer.ShouldBeProblem(HttpStatusCode.PaymentRequired, "insufficient_credits");
                answer.Json("shortfall").ShouldBe(step.Amount - balance - Overdraft);
            }
            else
            {
                balance -= step.Amount;
                answer.Json("balanceAfter").ShouldBe(balance);
                if (step.Key is not null)
                {
                    done[step.Key] = (step.Amount, answer.Body);
                }
            }
        }

        (await app.BalanceOf(person)).ShouldBe(balance);
        return true;
    }

    private async Task<bool> Concurrently(Step[] steps)
    {
        var person = await app.GivenPerson();

        var answers = await Task.WhenAll(steps.Select(async step => (Step: step, Answer: await app.DeductByBot(person, step.Amount, step.Key))));

        answers.ShouldAllBe(call => call.Answer.Status == HttpStatusCode.OK
            || call.Answer.Status == HttpStatusCode.PaymentRequired
            || (call.Answer.Status == HttpStatusCode.UnprocessableEntity && call.Step.Key != null));
        // A key counts once, however often it was used.
        var deductions = answers.Where(call => call.Answer.Status == HttpStatusCode.OK)
            .GroupBy(call => call.Step.Key ?? Guid.NewGuid().ToString())
            .Select(calls => calls.ShouldAllHaveTheSame(call => call.Answer.Body).Step.Amount)
            .ToList();
        (await app.BalanceOf(person)).ShouldBe(Start - deductions.Sum());
        (await app.BalanceOf(person)).ShouldBeGreaterThanOrEqualTo(-Overdraft);
        (await app.DebitsOf(person)).ShouldBe(deductions.Count);
        return true;
    }

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithMaxTest(count).WithEndSize(30);

    // FsCheck runs properties synchronously.
    private static bool Wait(Task<bool> property) => Task.Run(() => property).GetAwaiter().GetResult();

    private sealed record Step(decimal Amount, string? Key);
}

internal static class SameAnswers
{
    /// <returns>The first item.</returns>
    public static T ShouldAllHaveTheSame<T>(this IEnumerable<T> items, Func<T, string> property)
    {
        var all = items.ToList();
        all.Select(property).Distinct().ShouldHaveSingleItem();
        return all[0];
    }
}
