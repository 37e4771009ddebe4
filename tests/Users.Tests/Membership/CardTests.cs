using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Platform.Contracts.Bots;
using Platform.Testing;

namespace Platform.Users.Tests.Membership;

/// <summary>The card from the member's phone to the staff's check, with QR codes switched on.</summary>
public sealed class CardTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_gets_a_lasting_number_when_they_first_open_their_card()
    {
        var person = await app.GivenPerson();

        var cards = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Get("/api/users/me/card", person.Token)));

        cards.ShouldAllBe(card => card.Status == HttpStatusCode.OK);
        cards.Select(card => card.Json("memberId")).Distinct().Count().ShouldBe(1);
        (cards[0].Json("type"), cards[0].Json("expires")).ShouldBe(("free", null));
        (await app.Get("/api/users/me", person.Token)).Json("membership.memberId").ShouldBe(cards[0].Json("memberId"));
        (await app.Row($"select qr_code_path from users where id = {person.UserId}"))["qr_code_path"].ShouldBe("/api/users/me/card.png");
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(2);
    }

    [Theory]
    [InlineData("/api/users/me/card.png", "image/png")]
    [InlineData("/api/users/me/card.svg", "image/svg+xml")]
    public async Task Staff_can_verify_a_member_by_the_scanned_QR_code(string address, string type)
    {
        await app.Switch(new { qr = true });
        var person = await app.GivenPerson();
        await app.GivenPremium(person, days: 14);

        using var answer = await app.First.Client(person.Token).GetAsync(address, Ct);
        var picture = await answer.Content.ReadAsByteArrayAsync(Ct);

        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var read = await QrPicture.Read(type == "image/png" ? picture : Drawn(Encoding.UTF8.GetString(picture)), Ct);
        var card = await app.Get("/api/users/me/card", person.Token);
        var token = read.Split("?start=")[^1];
        token.ShouldBe(card.Json("token"));
        (read == token || read == (string)card.Json("link")!).ShouldBeTrue(read);

        var member = await Verify(new { token });
        member.Status.ShouldBe(HttpStatusCode.OK, member.Body);
        (member.Json("memberId"), member.Json("fullName"), member.Json("type"), member.Json("isActive"))
            .ShouldBe((card.Json("memberId"), "Анна Смирнова", "premium", true));
        UsersApp.Instant(member, "expires").ShouldBe(app.Clock.GetUtcNow().AddDays(14));
    }

    [Fact]
    public async Task The_QR_code_links_to_the_staff_bot_once_its_username_is_known()
    {
        await app.Switch(new { qr = true });
        var person = await app.GivenPerson();
        var connectedAt = app.Clock.GetUtcNow();

        await app.Broker.Publish(new BotConnected { Bot = BotNames.Barista, Username = "counter_bot", ConnectedAt = connectedAt }, Ct);
        await app.Broker.Publish(new BotConnected { Bot = BotNames.Barista, Username = "an_older_bot", ConnectedAt = connectedAt.AddHours(-1) }, Ct);
        await app.Broker.Publish(new BotConnected { Bot = BotNames.Client, Username = "guests_bot", ConnectedAt = connectedAt }, Ct);
        await Eventually.Passes(async () => (await app.Count("select count(*) from bots")).ShouldBe(2), Ct);

        var card = await app.Get("/api/users/me/card", person.Token);
        card.Json("link").ShouldBe($"https://t.me/counter_bot?start={card.Json("token")}");
        (await QrPicture.Read(await app.First.Client(person.Token).GetByteArrayAsync("/api/users/me/card.png", Ct), Ct)).ShouldBe(card.Json("link"));
    }

    [Fact]
    public async Task A_screenshot_is_refused_after_two_minutes_and_a_forgery_always()
    {
        await app.Switch(new { qr = true });
        var card = await app.Get("/api/users/me/card", (await app.GivenPerson()).Token);
        var token = (string)card.Json("token")!;

        (await Verify(new { token = token.Replace((string)card.Json("memberId")!, "MNT-7KQ2M9X7") }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "token_forged");
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Verify(new { token })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "token_stale");
    }

    [Fact]
    public async Task A_typed_number_finds_its_member_and_a_typo_differs_from_an_unknown_number()
    {
        var person = await app.GivenPerson();
        var memberId = (string)(await app.Get("/api/users/me/card", person.Token)).Json("memberId")!;

        (await Verify(new { memberId = memberId.ToLowerInvariant() })).Json("userId").ShouldBe(person.UserId.Value);
        (await Verify(new { memberId = memberId[..^1] + (memberId[^1] == 'A' ? 'B' : 'A') }))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "member_id_mistyped");
        (await Verify(new { memberId = Users.Membership.MemberId.New().ToString() })).ShouldBeProblem(HttpStatusCode.NotFound, "member_not_found");
    }

    [Fact]
    public async Task Staff_see_that_premium_has_ended_before_its_end_is_recorded()
    {
        var person = await app.GivenPerson();
        var ends = await app.GivenPremium(person, days: 1);
        var memberId = (await app.Get("/api/users/me", person.Token)).Json("membership.memberId");
        // The job that records the end has not run: the row still says premium.
        await app.Execute($"""
            update membership_periods set valid_from = valid_from - interval '2 days', valid_until = valid_until - interval '2 days' where user_id = {person.UserId};
            update users set membership_expires = membership_expires - interval '2 days' where id = {person.UserId}
            """);

        var member = await Verify(new { memberId });

        (member.Json("type"), UsersApp.Instant(member, "expires")).ShouldBe(("free", ends.AddDays(-2)));
        (await app.Get($"/api/users/by-telegram/{person.TelegramId}", await app.GivenStaff())).Json("membership.type").ShouldBe("free");
    }

    [Fact]
    public async Task Staff_see_that_a_member_is_blocked()
    {
        var person = await app.GivenPerson();
        var memberId = (await app.Get("/api/users/me/card", person.Token)).Json("memberId");
        await app.Block(person.UserId);

        (await Verify(new { memberId })).Json("isActive").ShouldBe(false);
    }

    [Fact]
    public async Task The_card_number_of_an_erased_member_is_unknown_and_never_reissued()
    {
        var person = await app.GivenPerson();
        var memberId = (string)(await app.Get("/api/users/me/card", person.Token)).Json("memberId")!;
        await app.Delete("/api/users/me", person.Token);

        (await Verify(new { memberId })).ShouldBeProblem(HttpStatusCode.NotFound, "member_not_found");
        (await Should.ThrowAsync<Npgsql.PostgresException>(
            () => app.Execute($"insert into member_ids (member_id, user_id, issued_at) values ('{memberId}', 1, now())")))
                .ConstraintName.ShouldBe("member_ids_pkey");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"token":"a","memberId":"MNT-7KQ2M9X7"}""")]
    [InlineData("""{"token":""}""")]
    [InlineData("""{"memberId":""}""")]
    [InlineData("""{"memberId":"MNT-7KQ2M9X7-MNT-7KQ2M9X7-MNT-7KQ"}""")]
    public async Task Verification_needs_exactly_one_of_token_and_number(string body) =>
        (await app.PostRaw("/api/members/verify", body, await app.GivenStaff())).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");

    [Theory]
    [InlineData(100, HttpStatusCode.UnprocessableEntity, "token_forged")]
    [InlineData(101, HttpStatusCode.BadRequest, "validation_failed")]
    public async Task A_card_token_is_limited_to_100_characters(int length, HttpStatusCode status, string code)
    {
        await app.Switch(new { qr = true });

        (await Verify(new { token = new string('x', length) })).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task Staff_who_are_not_registered_have_no_card() =>
        (await app.Get("/api/users/me/card", await app.GivenStaff())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

    private async Task<Answer> Verify(object request) => await app.Post("/api/members/verify", request, await app.GivenStaff());

    /// <summary>Renders the SVG as a browser would, eight pixels per unit: the code is one path of bars, each one unit high.</summary>
    private static byte[] Drawn(string svg)
    {
        const int Scale = 8;
        var root = XElement.Parse(svg);
        var side = Scale * int.Parse(((string)root.Attribute("viewBox")!).Split(' ')[3], CultureInfo.InvariantCulture);
        var bars = Regex.Matches((string)root.Elements().Single(element => element.Name.LocalName == "path").Attribute("d")!, "M([0-9]+) ([0-9]+)h([0-9]+)v1");
        var pixels = Enumerable.Repeat(byte.MaxValue, side * side).ToArray();
        foreach (var bar in bars.Select(bar =>
            bar.Groups.Values.Skip(1).Select(number => Scale * int.Parse(number.Value, CultureInfo.InvariantCulture)).ToArray()))
        {
            foreach (var row in Enumerable.Range(bar[1], Scale))
            {
                Array.Fill(pixels, byte.MinValue, (row * side) + bar[0], bar[2]);
            }
        }

        // PGM: portable graymap.
        return [.. Encoding.ASCII.GetBytes($"P5 {side} {side} 255\n"), .. pixels];
    }
}

/// <summary>With QR codes switched off, as in a new installation.</summary>
public sealed class CardWithoutCodeTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Without_QR_codes_a_card_has_only_a_number_and_tokens_are_not_verified()
    {
        var person = await app.GivenPerson();

        var card = await app.Get("/api/users/me/card", person.Token);

        card.Json("memberId").ShouldNotBeNull();
        (card.Json("token"), card.Json("link"), card.Json("refreshAt"), card.Json("image")).ShouldBe((null, null, null, null));
        (await app.Get("/api/users/me/card.png", person.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "feature_off");
        (await app.Get("/api/users/me/card.svg", person.Token)).ShouldBeProblem(HttpStatusCode.Forbidden, "feature_off");
        var staff = await app.GivenStaff();
        (await app.Post("/api/members/verify", new { token = "MNT-7KQ2M9X7-1-x" }, staff)).ShouldBeProblem(HttpStatusCode.Forbidden, "feature_off");
        (await app.Post("/api/members/verify", new { memberId = card.Json("memberId") }, staff)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
