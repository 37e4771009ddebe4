using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.People;

public sealed class UpdateMeTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static readonly string[] WhatNeedNotBeKnown = ["city", "birthDate", "username"];

    [Fact]
    public async Task An_update_changes_only_the_fields_sent_and_is_published_once()
    {
        var person = await app.GivenPerson();

        var after = await app.Patch("/api/users/me", new { city = " Казань ", birthDate = "1994-03-12", language = "en", username = "anna_s" }, person.Token);

        after.Status.ShouldBe(HttpStatusCode.OK, after.Body);
        (after.Json("fullName"), after.Json("city"), after.Json("birthDate"), after.Json("language"), after.Json("username"))
            .ShouldBe(("Анна Смирнова", "Казань", "1994-03-12", "en", "anna_s"));
        var published = await app.Published<UserUpdated>(updated => updated.UserId == person.UserId);
        (published.Version, published.City, published.BirthDate, published.Language, published.FullName, published.TelegramId)
            .ShouldBe((2, "Казань", new DateOnly(1994, 3, 12), "en", "Анна Смирнова", person.TelegramId));
    }

    [Fact]
    public async Task An_update_with_the_same_values_changes_nothing()
    {
        var person = await app.GivenPerson();
        await app.Patch("/api/users/me", new { city = "Казань" }, person.Token);

        (await app.Patch("/api/users/me", new { city = "Казань" }, person.Token)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Patch("/api/users/me", new { }, person.Token)).Status.ShouldBe(HttpStatusCode.OK);

        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(2);
    }

    [Fact]
    public async Task Optional_fields_can_be_cleared()
    {
        var person = await app.GivenPerson();
        await app.Patch("/api/users/me", new { city = "Казань", birthDate = "1994-03-12", username = "anna_s" }, person.Token);

        var after = await app.Patch("/api/users/me", new { remove = WhatNeedNotBeKnown }, person.Token);

        (after.Json("city"), after.Json("birthDate"), after.Json("username")).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("+7 (999) 123-45-67")]
    [InlineData("89991234567")]
    [InlineData("+79991234567")]
    public async Task A_phone_in_another_spelling_is_not_a_change(string spelling)
    {
        var person = await app.GivenPerson();

        var after = await app.Patch("/api/users/me", new { phone = spelling }, person.Token);

        (after.Json("phone"), after.Json("phoneVerified")).ShouldBe(("+79991234567", false));
        (await app.Count("select count(*) from seen_phones where phone = '+79991234567'")).ShouldBe(0);
    }

    [Fact]
    public async Task Only_a_bot_can_mark_a_number_verified()
    {
        var person = await app.GivenPerson();
        var (own, other) = (UsersApp.NewPhone(), UsersApp.NewPhone());

        (await app.Patch("/api/users/me", new { phone = own, phoneVerified = true }, person.Token)).Json("phoneVerified").ShouldBe(true);
        // Set again without the proof, it stays verified.
        (await app.Patch("/api/users/me", new { phone = own }, person.Token)).Json("phoneVerified").ShouldBe(true);
        (await app.Patch("/api/users/me", new { phone = other }, person.Token)).Json("phoneVerified").ShouldBe(false);

        var byHimself = app.Token(new Platform.ServiceDefaults.Web.TokenSubject(Platform.ServiceDefaults.Web.Role.Client, person.UserId));
        (await app.Patch("/api/users/me", new { phone = own, phoneVerified = true }, byHimself)).Json("phoneVerified").ShouldBe(false);
    }

    [Fact]
    public async Task A_number_proven_by_another_person_is_published_as_seen_before()
    {
        var phone = UsersApp.NewPhone();
        await app.GivenVerifiedPerson(phone);
        var second = await app.GivenPerson();

        await app.Patch("/api/users/me", new { phone, phoneVerified = true }, second.Token);

        var published = await app.Published<UserUpdated>(updated => updated.UserId == second.UserId);
        (published.PhoneVerified, published.PhoneSeenBefore, published.Phone).ShouldBe((true, true, phone));
    }

    [Fact]
    public async Task Typing_another_persons_number_takes_nothing_from_its_owner()
    {
        var (typist, owner) = (await app.GivenPerson(), await app.GivenPerson());
        var phone = UsersApp.NewPhone();
        await app.Patch("/api/users/me", new { phone }, typist.Token);

        await app.Patch("/api/users/me", new { phone, phoneVerified = true }, owner.Token);

        var published = await app.Published<UserUpdated>(updated => updated.UserId == owner.UserId);
        (published.PhoneVerified, published.PhoneSeenBefore).ShouldBe((true, false));
        (await app.Get("/api/users/me", typist.Token)).Json("phoneVerified").ShouldBe(false);
    }

    [Fact]
    public async Task Erasure_deletes_earlier_proven_numbers_but_they_still_count_as_seen()
    {
        var (first, second) = (UsersApp.NewPhone(), UsersApp.NewPhone());
        var person = await app.GivenVerifiedPerson(first);
        await app.Patch("/api/users/me", new { phone = second, phoneVerified = true }, person.Token);

        await app.Delete("/api/users/me", person.Token);

        (await app.Count($"select count(*) from seen_phones where phone in ('{first}', '{second}')")).ShouldBe(0);
        foreach (var phone in new[] { first, second })
        {
            var next = await app.GivenVerifiedPerson(phone);
            (await app.Published<UserRegistered>(published => published.UserId == next.UserId)).PhoneSeenBefore.ShouldBeTrue();
        }

        await app.AddsUp();
    }

    [Fact]
    public async Task More_than_five_new_numbers_a_day_are_refused()
    {
        var person = await app.GivenPerson();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            (await app.Patch("/api/users/me", new { phone = UsersApp.NewPhone() }, person.Token)).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await app.Patch("/api/users/me", new { phone = UsersApp.NewPhone() }, person.Token)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        (await app.Patch("/api/users/me", new { city = "Казань" }, person.Token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("fullName", "")]
    [InlineData("fullName", "  ")]
    [InlineData("fullName", "\u3164")]
    [InlineData("fullName", "12345")]
    [InlineData("fullName", "one\ntwo")]
    [InlineData("username", " ")]
    [InlineData("city", "")]
    [InlineData("language", "de")]
    [InlineData("birthDate", "1899-12-31")]
    [InlineData("birthDate", "2999-01-01")]
    [InlineData("remove", "city")]
    public async Task An_update_refuses_what_a_registration_refuses(string field, string value) =>
        (await app.Patch("/api/users/me", new Dictionary<string, string> { [field] = value }, (await app.GivenPerson()).Token))
            .Status.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("fullName", 255)]
    [InlineData("username", 255)]
    [InlineData("city", 100)]
    public async Task A_field_at_its_limit_is_accepted_and_one_character_more_is_refused(string field, int most)
    {
        var person = await app.GivenPerson();

        (await app.Patch("/api/users/me", new Dictionary<string, string> { [field] = new('ж', most) }, person.Token)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Patch("/api/users/me", new Dictionary<string, string> { [field] = new('ж', most + 1) }, person.Token))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("call me")]
    [InlineData("+7999123456")]
    public async Task An_invalid_phone_is_refused_and_changes_nothing(string phone)
    {
        var person = await app.GivenPerson();

        (await app.Patch("/api/users/me", new { phone, city = "Казань" }, person.Token)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "phone_invalid");

        (await app.Get("/api/users/me", person.Token)).Json("city").ShouldBeNull();
    }

    [Fact]
    public async Task A_birth_date_after_the_registration_is_refused()
    {
        var person = await app.GivenPerson();
        var registeredOn = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime);
        app.Clock.Advance(TimeSpan.FromDays(10));
        var token = await app.TokenByBot(person.TelegramId);

        (await app.Patch("/api/users/me", new { birthDate = registeredOn.AddDays(1) }, token))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "birth_date_invalid");
        (await app.Patch("/api/users/me", new { birthDate = registeredOn }, token)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Twenty_concurrent_updates_make_twenty_versions()
    {
        var person = await app.GivenPerson();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.Patch("/api/users/me", new { city = $"Город {i}" }, person.Token)));

        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(21);
        await Eventually.IsTrue(() => Task.FromResult(
            app.Broker.Events.Count(message => message.Type == typeof(UserUpdated).FullName && message.Read<UserUpdated>().UserId == person.UserId) == 20),
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Withdrawing_consent_erases_the_person_and_stores_when_they_did()
    {
        var person = await app.GivenPerson();

        (await app.Delete("/api/users/me/consent", person.Token)).Status.ShouldBe(HttpStatusCode.NoContent);

        var row = await app.Row(
            $"select full_name, consent_personal_data, consent_at, consent_withdrawn_at, consent_withdrawn_through from users where id = {person.UserId}");
        (row["full_name"], row["consent_personal_data"], row["consent_withdrawn_through"]).ShouldBe(("", false, "barista-bot"));
        row["consent_withdrawn_at"].ShouldBe(app.Clock.GetUtcNow().UtcDateTime);
        row["consent_at"].ShouldNotBeNull();
        (await app.Published<UserErased>(published => published.UserId == person.UserId)).ShouldNotBeNull();
    }
}
