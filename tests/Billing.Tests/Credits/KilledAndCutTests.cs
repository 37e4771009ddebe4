using System.Net;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.Billing.Tests.Credits;

/// <summary>Whenever the service is killed or cut off, a deduction is done once or not at all, and its key finds out which.</summary>
public sealed class KilledAndCutTests(BillingApp app) : IClassFixture<BillingApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deductions_repeated_while_the_service_is_killed_are_each_done_once()
    {
        const int Each = 40;
        var people = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.GivenPerson()));
        await using var service = await Start();

        var deductions = Task.WhenAll(people.Select(async person =>
        {
            for (var n = 0; n < Each; n++)
            {
                await DeductUntilAnswered(service, person, $"deduction-{n}");
            }
        }));
        for (var kill = 0; kill < 4; kill++)
        {
            var before = await Done();
            await Eventually.IsTrue(async () => deductions.IsCompleted || await Done() > before + 20, Ct);
            await service.Kill();
            await service.Restart(Ct);
        }

        await deductions;
        foreach (var person in people)
        {
            (await app.DebitsOf(person)).ShouldBe(Each);
            (await app.BalanceOf(person)).ShouldBe(50.00m - Each);
        }

        await app.ShouldAddUp();

        Task<long> Done() => app.Database.Scalar<long>("select count(*) from billing.credit_transactions where kind = 'debit'", Ct);
    }

    [Fact]
    public async Task A_deduction_whose_commit_was_not_acknowledged_is_returned_by_its_key()
    {
        var person = await app.GivenPerson();
        await using var proxy = TcpProxy.ToPostgres(app.Database.Superuser);
        await using var service = await Start(new KeyValuePair<string, string>("ConnectionStrings:database", proxy.Rewrite(app.Database.Service("billing"))));
        var lost = proxy.LoseReplyTo("lost-acknowledgement");

        var unsure = await Deduct(service, person, "lost-acknowledgement");
        await lost.WaitAsync(Ct);
        var again = await Deduct(service, person, "lost-acknowledgement");

        unsure.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        again.Status.ShouldBe(HttpStatusCode.OK, again.Body);
        again.Json("balanceAfter").ShouldBe(49.00m);
        (await app.DebitsOf(person)).ShouldBe(1);
    }

    [Fact]
    public async Task A_deduction_is_unavailable_without_the_database_and_works_when_it_is_back()
    {
        var person = await app.GivenPerson();
        await using var proxy = TcpProxy.ToPostgres(app.Database.Superuser);
        await using var service = await Start(new KeyValuePair<string, string>("ConnectionStrings:database", proxy.Rewrite(app.Database.Service("billing"))));
        proxy.Cut();

        var refused = await Deduct(service, person, "database-cut");
        var before = await app.DebitsOf(person);
        proxy.Restore();
        await DeductUntilAnswered(service, person, "database-cut");

        refused.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        before.ShouldBe(0);
        (await app.DebitsOf(person)).ShouldBe(1);
    }

    /// <summary>The service as a process, with its clock at the test's time.</summary>
    private Task<ServiceProcess> Start(params IEnumerable<KeyValuePair<string, string>> settings) => app.StartProcess(
        Ct, settings.Append(new("Time:Offset", (app.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow()).ToString())));

    private async Task<Answer> Deduct(ServiceProcess service, UserId person, string key)
    {
        using var client = service.Client(app.Token(new TokenSubject(Role.Client, person), TimeSpan.FromHours(1)));
        return await BillingApp.Post(client, JsonContent.Create(new { amount = 1, operation = BillingApp.Check }), key);
    }

    // A 5xx or a broken connection does not say whether it was done. The key makes it safe to repeat.
    private Task<Answer> DeductUntilAnswered(ServiceProcess service, UserId person, string key) => Eventually.Get(
        () => Deduct(service, person, key), answer => answer.Status == HttpStatusCode.OK, Ct, TimeSpan.FromSeconds(60));
}
