using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Campaigns;

/// <summary>Has its own service, since campaigns apply to everyone.</summary>
public sealed class CampaignTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private const string Address = "/api/loyalty/campaigns";

    private static readonly string[] GoldTwice = ["gold", "gold"];

    private HttpClient Owner { get; } = app.Owner(new StaffId(902));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_campaign_can_be_added_changed_and_ended()
    {
        var created = await Create(new { title = " Двойные баллы ", multiplier = 2, from = "2026-04-01", to = "2026-04-14", active = true });

        created.Json("title").ShouldBe("Двойные баллы");
        created.Json("multiplier").ShouldBe(2L);
        created.Json("bonusPoints").ShouldBeNull();
        // Days of the business, in Moscow; the last is part of it.
        (created.Json("from"), created.Json("to")).ShouldBe(("2026-03-31T21:00:00Z", "2026-04-14T21:00:00Z"));

        var changed = await Owner.Put(
            $"{Address}/{created.Json("campaignId")}",
            new
            {
                title = "Сотня сверху", bonusPoints = 100, from = "2026-04-01T06:00:00Z", to = "2026-04-01T09:00:00+03:00", active = false,
                segment = new { levels = GoldTwice, birthdayMonth = true, inactiveDays = 30 },
            });
        changed.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "campaign_invalid");

        changed = await Owner.Put(
            $"{Address}/{created.Json("campaignId")}",
            new
            {
                title = "Сотня сверху", bonusPoints = 100, from = "2026-04-01T06:00:00Z", to = "2026-04-01T12:30:00+03:00", active = false,
                segment = new { levels = GoldTwice, birthdayMonth = true, inactiveDays = 30 },
            });
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Body);
        (changed.Json("multiplier"), changed.Json("bonusPoints"), changed.Json("active")).ShouldBe((null, 100L, false));
        (changed.Json("from"), changed.Json("to")).ShouldBe(("2026-04-01T06:00:00Z", "2026-04-01T09:30:00Z"));
        JsonNode.DeepEquals(JsonNode.Parse((string)changed.Json("segment")!), JsonNode.Parse("""{"levels":["gold"],"birthdayMonth":true,"inactiveDays":30}"""))
            .ShouldBeTrue(changed.Body);
        var audit = await app.Database.Column<string>(
            "select action from loyalty.audit where target = $1 order by id", Ct, $"campaign:{created.Json("campaignId")}");
        audit.ShouldBe(["campaign.create", "campaign.update"]);
    }

    [Fact]
    public async Task Campaigns_are_listed_newest_first_in_pages_and_as_a_file()
    {
        foreach (var title in new[] { "Первая", "Вторая", "=Третья" })
        {
            await Create(new { title, bonusPoints = 10, from = "2026-03-01", to = "2026-03-31", active = title != "Вторая" });
        }

        var page = JsonNode.Parse((await Owner.Read($"{Address}?limit=2")).Body)!;
        Titles(page).ShouldBe(["=Третья", "Вторая"]);
        var next = JsonNode.Parse((await Owner.Read($"{Address}?limit=2&after={page["next"]}")).Body)!;
        Titles(next)[0].ShouldBe("Первая");
        Titles(JsonNode.Parse((await Owner.Read($"{Address}?running=true")).Body)!).ShouldNotContain("Вторая");
        Titles(JsonNode.Parse((await Owner.Read($"{Address}?running=false")).Body)!).ShouldContain("Вторая");

        var file = await Owner.Read($"{Address}?format=csv");
        file.Body.ShouldContain("\"campaignId\",\"title\",\"multiplier\"");
        file.Body.ShouldContain("\"'=Третья\"");
    }

    [Theory]
    [InlineData("""{"title":"Обе","multiplier":2,"bonusPoints":10,"from":"2026-04-01","to":"2026-04-02"}""")]
    [InlineData("""{"title":"Ни одной","from":"2026-04-01","to":"2026-04-02"}""")]
    [InlineData("""{"title":"Назад","multiplier":2,"from":"2026-04-03","to":"2026-04-02"}""")]
    [InlineData("""{"title":"Чужой уровень","multiplier":2,"from":"2026-04-01","to":"2026-04-02","segment":{"levels":["diamond"]}}""")]
    public async Task A_campaign_without_one_clear_effect_is_refused(string body) =>
        (await Owner.Post(Address, JsonNode.Parse(body)!)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "campaign_invalid");

    [Theory]
    [InlineData("title", """{"title":" ","multiplier":2,"from":"2026-04-01","to":"2026-04-02"}""")]
    [InlineData("multiplier", """{"title":"Х","multiplier":1.005,"from":"2026-04-01","to":"2026-04-02"}""")]
    [InlineData("multiplier", """{"title":"Х","multiplier":11,"from":"2026-04-01","to":"2026-04-02"}""")]
    [InlineData("from", """{"title":"Х","multiplier":2,"from":"2026-04-01T10:00:00","to":"2026-04-02"}""")]
    [InlineData("to", """{"title":"Х","multiplier":2,"from":"2026-04-01","to":"2026-02-30"}""")]
    public async Task A_campaign_with_an_invalid_field_is_refused(string field, string body)
    {
        var answer = await Owner.Post(Address, JsonNode.Parse(body)!);

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        answer.Json($"errors.{field}").ShouldNotBeNull(answer.Body);
    }

    [Fact]
    public async Task Campaigns_are_for_owners_only_and_unknown_ones_are_not_found()
    {
        var body = new { title = "Двойные баллы", multiplier = 2, from = "2026-04-01", to = "2026-04-14" };

        (await app.Manager(await app.GivenStaff()).Post(Address, body)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.Staff(await app.GivenStaff()).Read(Address)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await Owner.Put($"{Address}/999999", body)).ShouldBeProblem(HttpStatusCode.NotFound, "campaign_not_found");
    }

    private async Task<Answer> Create(object body)
    {
        var created = await Owner.Post(Address, body);
        created.Status.ShouldBe(HttpStatusCode.Created, created.Body);
        return created;
    }

    private static List<string> Titles(JsonNode page) => [.. page["items"]!.AsArray().Select(item => (string)item!["title"]!)];
}
