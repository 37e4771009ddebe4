using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Users.Tests.People;

public sealed class SearchPeopleTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Theory]
    [InlineData("Ягужинский")]
    [InlineData("ягужин")]
    [InlineData("ЖИНСК")]
    [InlineData("федор ягужинский")]
    [InlineData("ягужинский ФЁДОР")]
    [InlineData("  фед   ягуж ")]
    [InlineData("fedya_ya")]
    [InlineData("@Fedya_Ya")]
    [InlineData("ягужинский fedya")]
    [InlineData("+7 911 765-43-21")]
    [InlineData("8 (911) 765 43 21")]
    [InlineData("79117654321")]
    [InlineData("911 765")]
    [InlineData("765-43-21")]
    [InlineData("ягужинский 43-21")]
    [InlineData("fedor@y.example")]
    public async Task A_person_is_found_by_name_contacts_or_card(string query)
    {
        if (await app.Count("select count(*) from users where phone = '+79117654321'") == 0)
        {
            var id = await Registered("Фёдор Ягужинский", "+79117654321", "Fedya_Ya");
            await app.Execute($"update users set email = 'Fedor@Y.example' where id = {id}");
        }

        (await Names(query)).ShouldBe(["Фёдор Ягужинский"]);
    }

    [Theory]
    [InlineData("ягужинская")]
    [InlineData("фёдор ягужинский казань")]
    [InlineData("7111111111111")]
    [InlineData("%%")]
    [InlineData("__")]
    [InlineData("я%й")]
    [InlineData("\\\\")]
    [InlineData("'; drop table users; --")]
    public async Task A_query_that_matches_no_one_finds_no_one(string query) => (await Names(query)).ShouldBeEmpty();

    [Theory]
    [InlineData("100%", "Скидка 100% Иванович")]
    [InlineData("snake_case", "Snake_case")]
    [InlineData("back\\slash", "Back\\slash")]
    [InlineData("o'neil", "Shaun O'Neil")]
    [InlineData("--", "Двойное -- тире")]
    public async Task Wildcards_in_a_query_are_literal(string query, string name)
    {
        await Registered(name);
        // A wildcard would match this one.
        await Registered(name.Replace('%', 'x').Replace('_', 'x').Replace('\\', 'x'));

        (await Names(query)).Distinct().ShouldBe([name]);
    }

    [Fact]
    public async Task A_card_number_finds_its_owner_in_every_usual_spelling()
    {
        var owner = await app.GivenPerson();
        var number = (string)(await app.Get("/api/users/me/card", owner.Token)).Json("memberId")!;

        foreach (var typed in new[] { number, number.ToLowerInvariant(), number[4..], $"{number[4..8]} {number[8..]}", number.Replace('0', 'O')
            .Replace('1', 'l') })
        {
            var found = await Search($"query={Uri.EscapeDataString(typed)}");
            found.Select(item => (long)item["id"]!).ShouldBe([owner.UserId.Value], typed);
            ((string?)found[0]["memberId"]).ShouldBe(number);
        }
    }

    [Fact]
    public async Task A_name_that_looks_like_a_card_number_is_searched_as_a_name()
    {
        // Eight letters that form a valid card number.
        const string Name = "HARRAWAY";
        var number = Enumerable.Range(0, 32).Select(i => $"{Name[..7]}{"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[i]}")
            .Single(text => Users.Membership.MemberId.TryParse(text, out _));
        await Registered($"{number} Smith");

        (await Names(number)).ShouldBe([$"{number} Smith"]);
    }

    [Fact]
    public async Task The_start_of_a_foreign_phone_finds_it_even_if_it_looks_complete()
    {
        await Registered("Hans Brandt", "+4930123456789");

        (await Names("+49 30 1234567")).ShouldBe(["Hans Brandt"]);
    }

    [Fact]
    public async Task Two_people_with_one_phone_are_both_found()
    {
        var phone = UsersApp.NewPhone();
        await Registered("Первая Хозяйка", phone);
        await Registered("Второй Хозяин", phone);

        (await Names(phone)).ShouldBe(["Второй Хозяин", "Первая Хозяйка"]);
    }

    [Fact]
    public async Task People_are_listed_newest_first_and_paged_without_gaps()
    {
        foreach (var nth in Enumerable.Range(1, 5))
        {
            await Registered($"Страничкин {nth}");
        }

        var names = new List<string?>();
        string? after = null;
        do
        {
            var page = await app.Get($"/api/users?query=страничкин&limit=2{(after is null ? "" : $"&after={after}")}", await app.Admin());
            names.AddRange(JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => (string?)item!["fullName"]));
            after = (string?)page.Json("next");
        }
        while (after is not null);

        names.ShouldBe(["Страничкин 5", "Страничкин 4", "Страничкин 3", "Страничкин 2", "Страничкин 1"]);
    }

    [Fact]
    public async Task People_registered_at_the_same_instant_are_paged_exactly_once()
    {
        var ids = new List<long>();
        foreach (var nth in Enumerable.Range(1, 5))
        {
            ids.Add(await Registered($"Тождествов {nth}"));
        }

        await app.Execute("update users set created_at = '2026-01-15T09:30:00.123456Z' where full_name like 'Тождествов %'");

        var first = await app.Get("/api/users?query=тождествов&limit=3", await app.Admin());
        var second = await app.Get($"/api/users?query=тождествов&limit=3&after={first.Json("next")}", await app.Admin());

        Ids(first).Concat(Ids(second)).ShouldBe(ids.AsEnumerable().Reverse());

        static IEnumerable<long> Ids(Testing.Answer page) => JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => (long)item!["id"]!);
    }

    [Fact]
    public async Task The_type_filter_uses_the_membership_now()
    {
        var (lasting, ended) = (await Registered("Премиев Действующий"), await Registered("Премиев Бывший"));
        await Registered("Премиев Никогда");
        foreach (var id in new[] { lasting, ended })
        {
            (await app.Post($"/api/users/{id}/membership", new { days = 5, reason = "Opening day" }, await app.Admin())).Status.ShouldBe(HttpStatusCode.OK);
        }

        // The job that records the end has not run yet.
        await app.Execute($"update users set membership_expires = '{app.Clock.GetUtcNow():O}' where id = {ended}");

        (await Search("query=премиев&type=premium")).Select(Name).ShouldBe(["Премиев Действующий"]);
        (await Search("query=премиев&type=free")).Select(Name).ShouldBe(["Премиев Никогда", "Премиев Бывший"]);
        (await Search("query=премиев")).Select(item => (string?)item["membershipType"]).ShouldBe(["free", "free", "premium"]);
    }

    [Fact]
    public async Task Without_a_query_everyone_but_erased_people_is_listed()
    {
        var (gone, blocked) = (await app.GivenPerson(), await app.GivenPerson());
        await app.Delete("/api/users/me", gone.Token);
        await app.Block(blocked.UserId);

        var found = await Search("limit=100");

        found.ShouldNotContain(item => (long)item["id"]! == gone.UserId.Value);
        ((bool)found.Single(item => (long)item["id"]! == blocked.UserId.Value)["isActive"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task An_erased_person_cannot_be_found()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.Register(
            await app.TokenByBot(telegramId),
            new { fullName = "Исчезнувший Навсегда", phone = "+79119876543", consentPersonalData = true, username = "gone_for_good" });

        (await app.Delete("/api/users/me", await app.TokenByBot(telegramId))).Status.ShouldBe(HttpStatusCode.NoContent);

        foreach (var query in new[] { "исчезнувший", "+79119876543", "987-65", "gone_for_good" })
        {
            (await Names(query)).ShouldBeEmpty(query);
        }
    }

    [Theory]
    [InlineData("query=")]
    [InlineData("query=a")]
    [InlineData("query=%20a%20")]
    [InlineData("query=%20%20%20")]
    [InlineData("query=a%00b")]
    [InlineData("query=a%0Ab")]
    [InlineData("type=gold")]
    [InlineData("type=Premium")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("after=x")]
    [InlineData("after=5")]
    [InlineData("after=1-0")]
    public async Task Invalid_search_parameters_are_refused(string query) =>
        (await app.Get($"/api/users?{query}", await app.Admin())).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_search_query_must_have_2_to_100_characters()
    {
        (await app.Get($"/api/users?query={new string('a', 100)}", await app.Admin())).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Get($"/api/users?query={new string('a', 101)}", await app.Admin())).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.Get("/api/users?query=aa", await app.Admin())).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<long> Registered(string fullName, string? phone = null, string? username = null)
    {
        var answer = await app.Register(
            await app.TokenByBot(UsersApp.NewTelegramId()), new { fullName, phone = phone ?? UsersApp.NewPhone(), consentPersonalData = true, username });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body);
        return (long)answer.Json("id")!;
    }

    private async Task<IEnumerable<string?>> Names(string query) => (await Search($"query={Uri.EscapeDataString(query)}")).Select(Name);

    private async Task<IReadOnlyList<JsonNode>> Search(string query)
    {
        var answer = await app.Get($"/api/users?{query}", await app.Admin());
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return [.. JsonNode.Parse(answer.Body)!["items"]!.AsArray().Select(item => item!)];
    }

    private static string? Name(JsonNode item) => (string?)item["fullName"];
}
