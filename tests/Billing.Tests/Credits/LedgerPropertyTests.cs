using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Platform.Billing.Tests.Credits;

/// <summary>Whatever is deducted in whatever order, by one after the other or all at once: the ledger is what a few lines of C# say.</summary>
public sealed class LedgerPropertyTests(BillingApp app) : IClassFixture<BillingApp>
{
    private const decimal Start = 50.00m;
    private const decimal Overdraft = 5.00m;

    /// <summary>Small enough that many fit, large enough that a sequence reaches the end of the credits; a few keys, so that they meet.</summary>
    private static readonly Arbitrary<Step[]> Sequences = Arb.Array(Arb.From(
        from hundredths in Gen.Choose(1, 2_000)
        from key in Gen.Choose(0, 12)
        select new Step(hundredths / 100m, key < 8 ? null : $"key-{key}")));

    [Fact]
    public void One_after_the_other_they_leave_what_they_should() =>
        Check.One(Runs(60), Prop.ForAll(Sequences, steps => Wait(OneAfterTheOther(steps))));

    [Fact]
    public void All_at_once_they_leave_a_balance_that_their_answers_explain() =>
        Check.One(Runs(30), Prop.ForAll(Sequences, steps => Wait(AllAtOnce(steps))));

    [Fact]
    public async Task And_the_books_balance_after_all_of_them()
    {
        await AllAtOnce([.. Enumerable.Range(0, 40).Select(n => new Step(3.33m, n % 3 == 0 ? $"key-{n / 6}" : null))]);

        await app.ShouldAddUp();
    }

    private async Task<bool> OneAfterTheOther(Step[] steps)
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

    private async Task<bool> AllAtOnce(Step[] steps)
    {
        var person = await app.GivenPerson();

        var answers = await Task.WhenAll(steps.Select(async step => (Step: step, Answer: await app.DeductByBot(person, step.Amount, step.Key))));

        answers.ShouldAllBe(call => call.Answer.Status == HttpStatusCode.OK
            || call.Answer.Status == HttpStatusCode.PaymentRequired
            || (call.Answer.Status == HttpStatusCode.UnprocessableEntity && call.Step.Key != null));
        // A key counts once, however many were answered with it.
        var deductions = answers.Where(call => call.Answer.Status == HttpStatusCode.OK)
            .GroupBy(call => call.Step.Key ?? Guid.NewGuid().ToString())
            .Select(calls => calls.ShouldAllSay(call => call.Answer.Body).Step.Amount)
            .ToList();
        (await app.BalanceOf(person)).ShouldBe(Start - deductions.Sum());
        (await app.BalanceOf(person)).ShouldBeGreaterThanOrEqualTo(-Overdraft);
        (await app.DebitsOf(person)).ShouldBe(deductions.Count);
        return true;
    }

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithMaxTest(count).WithEndSize(30);

    // The library runs a property to its end before the next.
    private static bool Wait(Task<bool> property) => Task.Run(() => property).GetAwaiter().GetResult();

    private sealed record Step(decimal Amount, string? Key);
}

internal static class SameAnswers
{
    /// <returns>The first, when all say the same.</returns>
    public static T ShouldAllSay<T>(this IEnumerable<T> many, Func<T, string> what)
    {
        var all = many.ToList();
        all.Select(what).Distinct().ShouldHaveSingleItem();
        return all[0];
    }
}
