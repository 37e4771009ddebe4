using System.Net;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>Export and erasure of a person's data across all services.</summary>
public sealed class ErasureTests(WholePlatform platform) : IClassFixture<WholePlatform>
{
    // Unique values, so that finding one means finding the person.
    private const string Phone = "+79263141592";
    private const string FullName = "Евстолия Добролюбова";
    private const string City = "Верхнетуринск";
    private const string BirthDate = "1931-02-27";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_returns_all_data_and_erasure_removes_it_while_the_ledgers_add_up()
    {
        var person = await platform.Sandbox.GivenPerson("ru", phone: Phone, firstName: "Евстолия", lastName: "Добролюбова");
        var (user, token) = await CreateData(person);

        var export = await platform.Get(platform.Gateway, "/api/users/me/export", token);
        export.Status.ShouldBe(HttpStatusCode.OK, export.Body);
        var held = System.Text.Json.Nodes.JsonNode.Parse(export.Body)!["services"]!.AsObject();
        held.Select(service => service.Key).ShouldBe(["users", "courses", "loyalty", "billing", "letters", "notifications", "bots"], ignoreOrder: true);
        ((string?)held["users"]!["profile"]!["fullName"]).ShouldBe(FullName);
        ((string?)held["users"]!["profile"]!["birthDate"]).ShouldBe(BirthDate);
        ((string?)held["courses"]!["learner"]!["city"]).ShouldBe(City);
        ((string?)held["loyalty"]!["fullName"]).ShouldBe(FullName);
        held["loyalty"]!["orders"]!.AsArray().Count.ShouldBe(1);
        held["billing"]!["transactions"]!.AsArray().Count.ShouldBe(2);
        held["notifications"]!["notifications"]!.AsArray().Count.ShouldBe(1);
        held["bots"]!["chats"]!.AsArray().Count.ShouldBe(1);
        var traces = new Traces(person.Id);
        (await FindInDatabase(traces)).ShouldNotBeEmpty("The search finds nothing even before the erasure: this test would prove nothing.");

        (await Delete(token)).Status.ShouldBe(HttpStatusCode.NoContent);

        // Every service has handled the event.
        await Eventually.Get(() => FindInDatabase(traces), found => found.Count == 0, Ct, TimeSpan.FromSeconds(60), "no row has personal data");
        (await platform.Broker.Failures(Ct)).ShouldBeEmpty();
        foreach (var service in platform.Processes.Where(process => process.Service != "gateway"))
        {
            (await platform.Broker.Waiting(service.Service, Ct)).ShouldBe(0u, $"{service.Service} has not handled everything.");
        }

        platform.Logs().Count.ShouldBeGreaterThanOrEqualTo(platform.Processes.Count, "Found too few logs: this test would prove nothing.");
        platform.Logs().Where(log => traces.In(log.Text)).Select(log => log.File).ShouldBeEmpty();
        platform.Processes.Where(process => traces.In(process.Output)).Select(process => process.Service).ShouldBeEmpty();

        // The ledgers still have the person's transactions, without their data.
        (await platform.Database.Scalar<long>("select count(*) from loyalty.orders where user_id = $1", Ct, user.Value)).ShouldBe(1);
        (await platform.Database.Scalar<long>("select count(*) from billing.credit_transactions where user_id = $1", Ct, user.Value)).ShouldBe(2);
        foreach (var service in platform.Processes.Where(process => process.Service != "gateway"))
        {
            var verified = await platform.Run(service.Service, "verify");
            verified.ExitCode.ShouldBe(0, verified.Output);
        }

        // The token is refused by every service. The person can register again, without a second starting bonus for the same phone.
        (await platform.Get(platform.Gateway, "/api/users/me", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await platform.Get(platform.Gateway, "/api/billing/balance", token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        var (again, _) = await Register(person);
        again.ShouldNotBe(user);
        await Eventually.Get(
            () => platform.Database.Scalar<decimal?>("select balance from billing.user_balances where user_id = $1", Ct, again.Value),
            balance => balance == 0m, Ct);
    }

    [Fact]
    public async Task An_export_is_refused_and_names_the_missing_part_when_a_service_is_down()
    {
        var token = (await platform.GivenGuest()).Token;
        await platform.Letters.Kill();
        try
        {
            var export = await platform.Get(platform.Gateway, "/api/users/me/export", token);

            export.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "export_incomplete");
            export.Body.ShouldContain("letters");
        }
        finally
        {
            await platform.Letters.Restart(Ct);
        }
    }

    /// <summary>Creates data in every service.</summary>
    private async Task<(UserId User, string Token)> CreateData(SandboxPerson person)
    {
        await person.With(TelegramApp.GuestBot).Says("/start");
        await person.With(TelegramApp.GuestBot).Sees("язык");
        var (user, token) = await Register(person);
        await platform.GivePoints(person, 1250);
        await Eventually.Get(
            () => platform.Database.Scalar<long>(
                "select count(*) from notifications.notifications where user_id = $1 and template = 'order_placed'", Ct, user.Value),
            count => count == 1, Ct);

        var course = await Until(HttpStatusCode.Created, "/api/courses", await platform.Admin(), new
        {
            title = "Маникюр с нуля", description = "Для тех, кто начинает", category = "manicure", price = 0,
        });
        await Until(HttpStatusCode.Created, $"/api/courses/{course.Json("id")}/enrol", token, body: null);
        var deducted = await Until(
            HttpStatusCode.OK, "/api/billing/deduct", token, new { amount = 5.5, operation = "Анализ ЭКГ", metadata = new { patient = FullName } });
        deducted.Json("balanceAfter").ShouldBe(44.5m);
        // Letters calls billing, which may be slow at first.
        await Eventually.Get(
            () => platform.Get(platform.Gateway, "/api/letters/limits", token), answer => answer.Status == HttpStatusCode.OK, Ct, TimeSpan.FromSeconds(60));
        return (user, token);
    }

    private async Task<(UserId User, string Token)> Register(SandboxPerson person)
    {
        var registered = await platform.Post(
            platform.Gateway, "/api/users", await platform.Bot(person.Id),
            new
            {
                fullName = FullName, phone = Phone, phoneVerified = true, consentPersonalData = true, city = City, birthDate = BirthDate,
                username = "evstolia_dobrolyubova",
            },
            key: $"register-{person.Id}-{Guid.NewGuid()}");
        registered.Status.ShouldBe(HttpStatusCode.Created, registered.Body);
        return (new UserId((long)registered.Json("id")!), await platform.Bot(person.Id));
    }

    /// <summary>Retries like a bot: at first an account may still be opening, or a service slow.</summary>
    private Task<Answer> Until(HttpStatusCode done, string address, string token, object? body)
    {
        var key = Guid.NewGuid().ToString();
        return Eventually.Get(
            () => platform.Post(platform.Gateway, address, token, body, key), answer => answer.Status == done, Ct, TimeSpan.FromSeconds(60));
    }

    private async Task<Answer> Delete(string token)
    {
        using var client = platform.Gateway.Client(token);
        using var answer = await client.DeleteAsync("/api/users/me", Ct);
        return await Answer.Of(answer, Ct);
    }

    /// <returns>Tables with traces of the person, with the row.</returns>
    private async Task<IReadOnlyList<string>> FindInDatabase(Traces traces)
    {
        var tables = await platform.Database.Column<string>(
            """
            select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1
            """, Ct);
        tables.Count.ShouldBeGreaterThanOrEqualTo(60, "Found too few tables: this test would prove nothing.");
        var found = new List<string>();
        foreach (var table in tables)
        {
            var rows = await platform.Database.Column<string>($"select t::text from {table} t", Ct);
            found.AddRange(rows.Where(traces.In).Select(row => $"{table}: {row}"));
        }

        return found;
    }

    /// <summary>Texts that identify the person.</summary>
    private sealed class Traces(TelegramId telegramId)
    {
        private readonly string[] _texts = ["Евстолия", "Добролюбова", "dobrolyubova", City, BirthDate, Phone[2..], telegramId.ToString()];

        public bool In(string text) => _texts.Any(trace => text.Contains(trace, StringComparison.OrdinalIgnoreCase));
    }
}
