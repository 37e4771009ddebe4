using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Users.Tests.People;

public sealed class UtmTests(SharedUsersApp app)
{
    [Fact]
    public async Task Campaign_parameters_are_stored_and_exported()
    {
        var person = await Register(new { source = "instagram", medium = "social", campaign = " весна-2026 ", content = new string('ж', 100),
            term = "кофе рядом" });

        var row = await app.Row($"select * from acquisition_channels where user_id = {person.UserId}");
        row.Where(column => column.Key.StartsWith("utm_", StringComparison.Ordinal)).Select(column => column.Value)
            .ShouldBe(["instagram", "social", "весна-2026", new string('ж', 100), "кофе рядом"]);
        var export = JsonNode.Parse((await app.Get("/api/users/export", person.Token)).Body)!;
        export["acquisition"]!["utm"]!["campaign"]!.GetValue<string>().ShouldBe("весна-2026");
        export["acquisition"]!["channel"].ShouldBeNull();
    }

    [Fact]
    public async Task Some_campaign_parameters_may_be_missing()
    {
        var person = await Register(new { term = "x" });

        (await app.Row($"select utm_source, utm_term from acquisition_channels where user_id = {person.UserId}")).Values.ShouldBe([null, "x"]);
    }

    [Fact]
    public async Task Empty_campaign_parameters_store_nothing()
    {
        var person = await Register(new { });

        (await app.Count($"select count(*) from acquisition_channels where user_id = {person.UserId}")).ShouldBe(0);
    }

    [Theory]
    [InlineData("source", "")]
    [InlineData("medium", "  ")]
    [InlineData("campaign", "a\nb")]
    [InlineData("content", "a\tb")]
    [InlineData("term", null)]
    public async Task A_campaign_parameter_must_be_1_to_100_printable_characters(string name, string? value)
    {
        var body = UsersApp.ProfileFields();
        body["utm"] = new Dictionary<string, string> { [name] = value ?? new string('a', 101) };

        var answer = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), body);

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        JsonNode.Parse(answer.Body)!["errors"]!.AsObject().Select(error => error.Key).ShouldBe([$"utm.{name}"]);
    }

    [Fact]
    public async Task Erasure_deletes_campaign_parameters_and_keeps_the_referrer()
    {
        var referrer = await app.GivenPerson();
        var (alone, referred) = (await Register(new { content = "for-anna" }),
            await Register(new { content = "for-vera" }, await app.ReferralCodeOf(referrer)));

        await app.Delete("/api/users/me", alone.Token);
        await app.Delete("/api/users/me", referred.Token);

        (await app.Count($"select count(*) from acquisition_channels where user_id = {alone.UserId}")).ShouldBe(0);
        (await app.Row($"select referral_user_id, utm_content from acquisition_channels where user_id = {referred.UserId}"))
            .Values.ShouldBe([referrer.UserId.Value, null]);
    }

    [Theory]
    [InlineData("utm_source = ''")]
    [InlineData("utm_medium = repeat('a', 101)")]
    [InlineData("utm_campaign = repeat('a', 101)")]
    [InlineData("utm_content = ''")]
    [InlineData("utm_term = ''")]
    [InlineData("utm_source = null")]
    public async Task The_database_limits_campaign_parameters_too(string change)
    {
        var person = await Register(new { source = "vk" });

        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(() =>
            app.Execute($"update acquisition_channels set {change} where user_id = {person.UserId}"));

        refused.SqlState.ShouldBe(Npgsql.PostgresErrorCodes.CheckViolation);
    }

    private async Task<Person> Register(object utm, string? referralCode = null)
    {
        var id = UsersApp.NewTelegramId();
        var body = UsersApp.ProfileFields();
        (body["utm"], body["referralCode"]) = (utm, referralCode);
        var answer = await app.Register(await app.TokenByBot(id), body);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body);
        return new Person(id, new UserId((long)answer.Json("id")!), await app.TokenByBot(id));
    }
}
