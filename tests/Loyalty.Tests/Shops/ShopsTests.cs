using System.Net;
using System.Text.Json.Nodes;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Shops;

public sealed class ShopsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_shop_is_shown_to_guests_with_its_address_and_hours()
    {
        var created = await app.Post(app.Owner(), "/api/loyalty/shops", new
        {
            id = "riverside", name = " Набережная ", city = "Казань", address = "Кремлёвская наб., 1", openingHours = "ежедневно 8–22",
        });

        created.Status.ShouldBe(HttpStatusCode.Created, created.Body);
        var shop = Shop(await app.Call(app.Client(await app.GivenGuest()), "/api/loyalty/shops"), "riverside").ShouldNotBeNull();
        ((string?)shop["name"], (string?)shop["city"], (string?)shop["address"], (string?)shop["openingHours"], (bool)shop["active"]!)
            .ShouldBe(("Набережная", "Казань", "Кремлёвская наб., 1", "ежедневно 8–22", true));
        shop["staffIds"].ShouldBeNull();
    }

    [Fact]
    public async Task A_second_shop_with_the_same_id_is_refused_even_when_concurrent()
    {
        var owner = app.Owner();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Post(owner, "/api/loyalty/shops", new { id = "twice", name = "Мира, 5" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => (string)answer.Json("code")! == "shop_exists");
        (await Audited("twice")).ShouldBe(["shop.create"]);
    }

    [Fact]
    public async Task An_inactive_shop_is_hidden_from_all_but_owners()
    {
        var shop = await app.GivenShop();

        var updated = await app.Put(app.Owner(), $"/api/loyalty/shops/{shop}", new { name = "Мира, 7", active = false });

        updated.Status.ShouldBe(HttpStatusCode.OK, updated.Body);
        Shop(await app.Call(app.Client(await app.GivenGuest()), "/api/loyalty/shops"), shop).ShouldBeNull();
        Shop(await app.Call(app.Staff(await app.GivenStaff()), "/api/loyalty/shops"), shop).ShouldBeNull();
        var seen = Shop(await app.Call(app.Owner(), "/api/loyalty/shops"), shop).ShouldNotBeNull();
        ((string?)seen["name"], (bool)seen["active"]!).ShouldBe(("Мира, 7", false));
        (await Audited(shop)).ShouldBe(["shop.create", "shop.update"]);
    }

    [Fact]
    public async Task An_update_without_active_leaves_the_shop_open_or_closed()
    {
        var shop = await app.GivenShop();

        (await app.Put(app.Owner(), $"/api/loyalty/shops/{shop}", new { name = "Мира, 7", active = false })).Json("active").ShouldBe(false);
        (await app.Put(app.Owner(), $"/api/loyalty/shops/{shop}", new { name = "Мира, 9" })).Json("active").ShouldBe(false);
    }

    [Fact]
    public async Task Staff_find_the_shops_where_they_usually_work_first()
    {
        var (first, mine) = (await app.GivenShop("А"), await app.GivenShop("Б"));
        var (staff, colleague) = (await app.GivenStaff(), await app.GivenStaff());

        var assigned = await app.Put(app.Owner(), $"/api/loyalty/shops/{mine}/staff", new { staffIds = new[] { staff.Value, colleague.Value, staff.Value } });

        assigned.Status.ShouldBe(HttpStatusCode.OK, assigned.Body);
        var seen = Items(await app.Call(app.Staff(staff), "/api/loyalty/shops"));
        ((string?)seen[0]["id"], (bool)seen[0]["mine"]!).ShouldBe((mine, true));
        ((bool)seen.Single(shop => (string?)shop["id"] == first)["mine"]!).ShouldBeFalse();
        Shop(await app.Call(app.Manager(), "/api/loyalty/shops"), mine)!["staffIds"]!.AsArray().Select(id => (long)id!)
            .ShouldBe([staff.Value, colleague.Value]);
        await app.Put(app.Owner(), $"/api/loyalty/shops/{mine}/staff", new { staffIds = Array.Empty<long>() });
        ((bool)Shop(await app.Call(app.Staff(staff), "/api/loyalty/shops"), mine)!["mine"]!).ShouldBeFalse();
        (await Audited(mine)).ShouldBe(["shop.create", "shop.assign_staff", "shop.assign_staff"]);
    }

    [Fact]
    public async Task Changing_a_shop_that_does_not_exist_is_not_found()
    {
        (await app.Put(app.Owner(), "/api/loyalty/shops/nowhere", new { name = "Мира, 5" })).ShouldBeProblem(HttpStatusCode.NotFound, "shop_not_found");
        (await app.Put(app.Owner(), "/api/loyalty/shops/nowhere/staff", new { staffIds = Array.Empty<long>() }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "shop_not_found");
    }

    [Fact]
    public async Task Only_owners_change_shops()
    {
        var shop = await app.GivenShop();
        foreach (var caller in new[] { app.Staff(await app.GivenStaff()), app.Manager(), app.Client(await app.GivenGuest()) })
        {
            (await app.Post(caller, "/api/loyalty/shops", new { id = "forbidden", name = "Мира, 5" })).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            (await app.Put(caller, $"/api/loyalty/shops/{shop}", new { name = "Мира, 5" })).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            (await app.Put(caller, $"/api/loyalty/shops/{shop}/staff", new { staffIds = Array.Empty<long>() }))
                .ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Theory]
    [InlineData("", "Мира, 5")]
    [InlineData("мира-5", "Мира, 5")]
    [InlineData("a/b", "Мира, 5")]
    [InlineData("mira-5", " ")]
    public async Task A_shop_needs_a_name_and_an_id_of_Latin_letters(string id, string name)
    {
        (await app.Post(app.Owner(), "/api/loyalty/shops", new { id, name })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    private static JsonNode? Shop(Answer page, string id) => Items(page).SingleOrDefault(shop => (string?)shop["id"] == id);

    private static IReadOnlyList<JsonNode> Items(Answer page)
    {
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        return [.. JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => item!)];
    }

    private Task<IReadOnlyList<string>> Audited(string shop) =>
        app.Database.Column<string>("select action from loyalty.audit where target = $1 order by id", Ct, $"shop:{shop}");
}
