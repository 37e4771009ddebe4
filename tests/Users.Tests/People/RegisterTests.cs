using System.Net;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.Tests.People;

public sealed class RegisterTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_guest_who_consents_is_registered_and_the_event_is_published()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);

        var registered = await app.Register(guest, new
        {
            telegramId,
            fullName = " Анна Смирнова ",
            phone = "+7 (999) 123-45-67",
            consentPersonalData = true,
            username = "anna_s",
            city = "Казань",
            birthDate = "1994-03-12",
            language = "en",
        });

        registered.Status.ShouldBe(HttpStatusCode.Created);
        registered.Location.ShouldBe($"/api/users/by-telegram/{telegramId}");
        registered.Json("telegramId").ShouldBe(telegramId.Value);
        registered.Json("fullName").ShouldBe("Анна Смирнова");
        registered.Json("username").ShouldBe("anna_s");
        registered.Json("phone").ShouldBe("+79991234567");
        registered.Json("phoneVerified").ShouldBe(false);
        registered.Json("city").ShouldBe("Казань");
        registered.Json("birthDate").ShouldBe("1994-03-12");
        registered.Json("language").ShouldBe("en");
        registered.Json("isActive").ShouldBe(true);
        (await app.Get(registered.Location!, guest)).Body.ShouldBe(registered.Body);

        var published = await app.Published<UserRegistered>(happened => happened.TelegramId == telegramId);
        published.UserId.Value.ShouldBe(registered.Json("id"));
        published.FullName.ShouldBe("Анна Смирнова");
        published.City.ShouldBe("Казань");
        published.BirthDate.ShouldBe(new DateOnly(1994, 3, 12));
        published.Language.ShouldBe("en");
        published.PhoneVerified.ShouldBeFalse();
        published.RegisteredAt.ShouldBe(app.Clock.GetUtcNow());
        published.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Name_phone_and_consent_suffice_and_the_language_defaults_to_Russian()
    {
        var registered = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), UsersApp.ProfileDetails());

        registered.Status.ShouldBe(HttpStatusCode.Created);
        registered.Json("language").ShouldBe("ru");
        registered.Json("username").ShouldBeNull();
        registered.Json("city").ShouldBeNull();
        registered.Json("birthDate").ShouldBeNull();
    }

    [Fact]
    public async Task Consent_is_stored_with_who_when_which_text_and_how()
    {
        var person = await app.GivenPerson();

        var consent = await app.Row(
            $"select consent_personal_data, consent_by, consent_at, consent_text, consent_through from users where id = {person.UserId}");

        consent["consent_personal_data"].ShouldBe(true);
        consent["consent_by"].ShouldBe($"telegram:{person.TelegramId}");
        consent["consent_at"].ShouldBe(app.Clock.GetUtcNow().UtcDateTime);
        consent["consent_text"].ShouldBe("2026-11");
        consent["consent_through"].ShouldBe("barista-bot");
    }

    [Theory]
    [InlineData("""{"fullName":"Анна","phone":"+79991234567"}""")]
    [InlineData("""{"fullName":"Анна","phone":"+79991234567","consentPersonalData":false}""")]
    public async Task A_registration_without_consent_stores_nothing(string body)
    {
        var telegramId = UsersApp.NewTelegramId();

        var refused = await app.PostRaw("/api/users", body, await app.TokenByBot(telegramId));

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "consent_required");
        (await app.Count($"select count(*) from users where telegram_id = {telegramId}")).ShouldBe(0);
    }

    [Fact]
    public async Task A_token_cannot_register_another_Telegram_account()
    {
        var refused = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), new
        {
            telegramId = UsersApp.NewTelegramId(), fullName = "Анна", phone = UsersApp.NewPhone(), consentPersonalData = true,
        });

        refused.ShouldBeProblem(HttpStatusCode.Unauthorized, "proof_required");
    }

    [Fact]
    public async Task A_token_without_a_Telegram_account_cannot_register()
    {
        (await app.Register(await app.Admin(), UsersApp.ProfileDetails())).ShouldBeProblem(HttpStatusCode.Unauthorized, "proof_required");
    }

    [Fact]
    public async Task A_second_registration_is_refused_with_an_old_and_a_new_token()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        await app.Register(guest, UsersApp.ProfileDetails());

        (await app.Register(guest, UsersApp.ProfileDetails())).ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");
        (await app.Register(await app.TokenByBot(telegramId), UsersApp.ProfileDetails())).ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");
    }

    [Fact]
    public async Task Consent_to_an_outdated_text_is_refused()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        var body = UsersApp.ProfileFields();

        body["consentText"] = "2025-12";
        var outdated = await app.Register(guest, body);
        body["consentText"] = (await app.Get("/api/users/consent")).Json("version");
        var current = await app.Register(guest, body);

        outdated.ShouldBeProblem(HttpStatusCode.Conflict, "consent_outdated");
        current.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_phone_that_a_bot_verified_is_published_as_verified()
    {
        var telegramId = UsersApp.NewTelegramId();
        var body = UsersApp.ProfileFields();
        body["phoneVerified"] = true;

        var registered = await app.Register(await app.TokenByBot(telegramId), body);

        registered.Json("phoneVerified").ShouldBe(true);
        (await app.Row($"select phone_verified_at from users where telegram_id = {telegramId}"))["phone_verified_at"].ShouldBe(
            app.Clock.GetUtcNow().UtcDateTime);
        (await app.Published<UserRegistered>(happened => happened.TelegramId == telegramId)).PhoneVerified.ShouldBeTrue();
    }

    [Fact]
    public async Task A_person_cannot_declare_their_own_phone_verified()
    {
        var telegramId = UsersApp.NewTelegramId();
        var body = UsersApp.ProfileFields();
        body["phoneVerified"] = true;

        var registered = await app.Register(app.Token(new TokenSubject(Role.Guest, TelegramId: telegramId)), body);

        registered.Status.ShouldBe(HttpStatusCode.Created);
        registered.Json("phoneVerified").ShouldBe(false);
        (await app.Published<UserRegistered>(happened => happened.TelegramId == telegramId)).PhoneVerified.ShouldBeFalse();
    }

    [Theory]
    [InlineData("442079460958")]
    [InlineData("+7999")]
    [InlineData("8-800-555-35-35")]
    [InlineData("call me")]
    public async Task An_invalid_phone_or_one_without_a_country_is_refused(string phone)
    {
        var refused = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), new { fullName = "Анна", phone, consentPersonalData = true });

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "phone_invalid");
    }

    public static TheoryData<string, object?> OutOfLimits => new()
    {
        { "fullName", "" },
        { "fullName", "   " },
        { "fullName", new string('a', 256) },
        { "fullName", "Анна\nСмирнова" },
        { "fullName", "12345" },
        { "fullName", "\u200B\u200B" },
        { "fullName", "\u3164" },
        { "phone", "" },
        { "phone", "+7" + new string(' ', 31) },
        { "username", "" },
        { "username", " " },
        { "username", new string('a', 256) },
        { "username", "anna\u0007" },
        { "username", "\u200B" },
        { "city", "" },
        { "city", " " },
        { "city", "!!!" },
        { "city", new string('a', 101) },
        { "city", "Казань\u001b" },
        { "birthDate", "1899-12-31" },
        { "birthDate", "2026-03-02" },
        { "birthDate", "2999-01-01" },
        { "language", "de" },
        { "language", "RU" },
        { "language", "" },
        { "consentText", new string('1', 51) },
        { "channel", "" },
        { "channel", "from a friend" },
        { "channel", new string('a', 65) },
        { "referralCode", new string('A', 65) },
    };

    [Theory]
    [MemberData(nameof(OutOfLimits))]
    public async Task A_field_out_of_its_limits_is_refused_and_named(string field, object? value)
    {
        var body = UsersApp.ProfileFields();
        body[field] = value;

        var refused = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), body);

        refused.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json($"errors.{field}").ShouldNotBeNull();
    }

    public static TheoryData<string, object?> WithinLimits => new()
    {
        { "fullName", "Я" },
        { "fullName", new string('я', 255) },
        { "fullName", "Иван 🎉 О'Нил-Петров" },
        { "fullName", "𝓐𝓷𝓷𝓪" },
        { "fullName", "علی\u200Cرضا" },
        { "username", new string('a', 255) },
        { "city", new string('я', 100) },
        { "birthDate", "1900-01-01" },
        { "birthDate", "2026-03-01" },
        { "birthDate", "2024-02-29" },
        { "language", "ru" },
        { "language", null },
        { "city", null },
    };

    [Theory]
    [MemberData(nameof(WithinLimits))]
    public async Task A_field_at_its_limit_is_stored(string field, object? value)
    {
        var body = UsersApp.ProfileFields();
        body[field] = value;

        var registered = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), body);

        registered.Status.ShouldBe(HttpStatusCode.Created);
        registered.Json(field).ShouldBe(field == "language" ? value ?? "ru" : value);
    }

    [Theory]
    [InlineData("""{"phone":"+79991234567","consentPersonalData":true}""")]
    [InlineData("""{"fullName":"Анна","consentPersonalData":true}""")]
    [InlineData("""{"fullName":null,"phone":"+79991234567","consentPersonalData":true}""")]
    [InlineData("""{"fullName":"Анна","phone":"+79991234567","consentPersonalData":true,"role":"admin"}""")]
    [InlineData("""{"fullName":"Анна","phone":"+79991234567","consentPersonalData":true,"birthDate":"yesterday"}""")]
    [InlineData("""{"fullName":"Анна","phone":"+79991234567","consentPersonalData":true,"birthDate":"2023-02-29"}""")]
    [InlineData("""{"fullName":"Анна","phone":"+79991234567","consentPersonalData":true,"telegramId":"1001"}""")]
    [InlineData("""{"fullName":"Анна","phone":"+79991234567","consentPersonalData":true,"telegramId":-5}""")]
    [InlineData("""{"fullName":"Ан\u0000на","phone":"+79991234567","consentPersonalData":true}""")]
    [InlineData("""{"fullName":"Ан\ud800на","phone":"+79991234567","consentPersonalData":true}""")]
    [InlineData("""[]""")]
    [InlineData("""{"fullName":""")]
    public async Task A_malformed_registration_is_400(string body)
    {
        (await app.PostRaw("/api/users", body, await app.TokenByBot(UsersApp.NewTelegramId()))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Direction_marks_are_removed_from_a_name()
    {
        var body = UsersApp.ProfileFields();
        (body["fullName"], body["city"]) = ("Анна\u202Eдорог", "\u2067Казань\u2069");

        var registered = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), body);

        (registered.Json("fullName"), registered.Json("city")).ShouldBe(("Аннадорог", "Казань"));
    }

    [Theory]
    [InlineData("87172123456", "+77172123456")]
    [InlineData("4930901820", "+4930901820")]
    public async Task A_shared_contact_is_parsed_in_Telegrams_format(string contact, string e164)
    {
        var body = UsersApp.ProfileFields();
        (body["phone"], body["phoneVerified"]) = (contact, true);

        var registered = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), body);

        (registered.Json("phone"), registered.Json("phoneVerified")).ShouldBe((e164, true));
    }

    [Fact]
    public async Task A_channel_is_stored_in_lower_case()
    {
        var telegramId = UsersApp.NewTelegramId();
        var body = UsersApp.ProfileFields();
        body["channel"] = "Instagram_Ads";

        var registered = await app.Register(await app.TokenByBot(telegramId), body);

        (await app.Row($"select channel from acquisition_channels where user_id = {registered.Json("id")}"))["channel"].ShouldBe("instagram_ads");
    }

    [Fact]
    public async Task A_typed_number_does_not_count_as_seen_for_the_person_who_proves_it()
    {
        var phone = UsersApp.NewPhone();
        var typed = await app.GivenPerson(phone);

        var owner = await app.GivenVerifiedPerson(phone);
        var later = await app.GivenVerifiedPerson(phone);

        (await PublishedRegistration(typed)).PhoneVerified.ShouldBeFalse();
        (await PublishedRegistration(owner)).PhoneSeenBefore.ShouldBeFalse();
        (await PublishedRegistration(later)).PhoneSeenBefore.ShouldBeTrue();
        await app.AddsUp();
    }

    [Fact]
    public async Task A_proof_takes_over_a_number_recorded_without_proof_by_an_earlier_release()
    {
        var phone = UsersApp.NewPhone();
        var typed = await app.GivenPerson(phone);
        await app.Execute($"insert into seen_phones (phone, user_id, seen_at) values ('{phone}', {typed.UserId}, now())");

        var owner = await app.GivenVerifiedPerson(phone);

        (await PublishedRegistration(owner)).PhoneSeenBefore.ShouldBeFalse();
        (await app.Count($"select count(*) from seen_phones where phone = '{phone}' and user_id = {owner.UserId} and proven_at is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task The_second_person_to_prove_a_phone_is_published_as_seen_before_in_any_spelling()
    {
        var phone = UsersApp.NewPhone();
        var first = await app.GivenVerifiedPerson(phone);
        var second = await app.GivenVerifiedPerson($"8{phone[2..]}");
        var other = await app.GivenVerifiedPerson(UsersApp.NewPhone());

        (await PublishedRegistration(first)).PhoneSeenBefore.ShouldBeFalse();
        (await PublishedRegistration(second)).PhoneSeenBefore.ShouldBeTrue();
        (await PublishedRegistration(other)).PhoneSeenBefore.ShouldBeFalse();
    }

    [Fact]
    public async Task One_of_20_people_proving_a_phone_at_the_same_time_is_first()
    {
        var phone = UsersApp.NewPhone();
        var guests = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var telegramId = UsersApp.NewTelegramId();
            return (telegramId, Token: await app.TokenByBot(telegramId));
        }));

        var answers = await Task.WhenAll(guests.Select(guest => app.Register(
            guest.Token, new { fullName = "Анна Смирнова", phone, consentPersonalData = true, phoneVerified = true })));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        var published = await Task.WhenAll(guests.Select(guest => app.Published<UserRegistered>(happened => happened.TelegramId == guest.telegramId)));
        published.Count(happened => !happened.PhoneSeenBefore).ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_registration_does_not_use_up_the_phone()
    {
        var phone = UsersApp.NewPhone();
        var known = await app.GivenPerson();
        (await app.Register(await app.TokenByBot(known.TelegramId), new { fullName = "Анна", phone, consentPersonalData = true, phoneVerified = true }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");

        (await PublishedRegistration(await app.GivenVerifiedPerson(phone))).PhoneSeenBefore.ShouldBeFalse();
    }

    [Fact]
    public async Task A_retry_with_the_same_key_and_body_returns_the_recorded_response()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        var body = UsersApp.ProfileDetails();

        var first = await app.Register(guest, body, key: "bot:77:1");
        var again = await app.Register(guest, body, key: "bot:77:1");
        var other = await app.Register(guest, UsersApp.ProfileDetails(), key: "bot:77:1");

        first.Status.ShouldBe(HttpStatusCode.Created);
        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Location.ShouldBe(first.Location);
        again.Body.ShouldBe(first.Body);
        other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.Count($"select count(*) from users where telegram_id = {telegramId}")).ShouldBe(1);
        await PublishedRegistration(new Person(telegramId, default, guest));
    }

    [Fact]
    public async Task A_refused_registration_is_evaluated_again_with_the_same_key()
    {
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        var body = UsersApp.ProfileFields();
        body["phone"] = "+7999";
        (await app.Register(guest, body, key: "1")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "phone_invalid");
        body["phone"] = UsersApp.NewPhone();

        (await app.Register(guest, body, key: "1")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Phone_name_and_token_are_never_logged()
    {
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        var phone = UsersApp.NewPhone();

        await app.Register(guest, new { fullName = "Нелогируемый Пётр", phone, consentPersonalData = true });
        await app.Register(guest, new { fullName = "Нелогируемый Пётр", phone, consentPersonalData = true, birthDate = "2999-01-01" });

        var log = app.First.Log.Lines.Select(line => line.ToString()).ToList();
        log.ShouldNotBeEmpty();
        foreach (var secret in new[] { phone[1..], "Нелогируемый", guest })
        {
            log.ShouldNotContain(line => line.Contains(secret));
        }
    }

    private Task<UserRegistered> PublishedRegistration(Person person) => app.Published<UserRegistered>(happened => happened.TelegramId == person.TelegramId);
}

/// <summary>Needs more than the five registrations a minute that the limit allows.</summary>
public sealed class RegisterAtOnceTests(RegisterAtOnceTests.UnlimitedApp app) : IClassFixture<RegisterAtOnceTests.UnlimitedApp>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_of_50_concurrent_registrations_of_a_Telegram_account_wins(bool withKeys)
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => app.Register(guest, UsersApp.ProfileDetails(), withKeys ? $"key-{i}" : null)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => (string)answer.Json("code")! == "user_exists");
        (await app.Count($"select count(*) from users where telegram_id = {telegramId}")).ShouldBe(1);
        await app.Published<UserRegistered>(happened => happened.TelegramId == telegramId);
    }

    [Fact]
    public async Task Fifty_concurrent_requests_with_one_key_register_once_with_one_response()
    {
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        var body = UsersApp.ProfileDetails();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Register(guest, body, key: "once")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
    }

    public sealed class UnlimitedApp() : UsersApp("Users:RegistrationsPerMinute", "1000");
}

public sealed class RegistrationLimitTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_sixth_registration_in_a_minute_is_429_until_the_minute_is_over()
    {
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        for (var i = 0; i < 5; i++)
        {
            (await app.Register(guest, NoConsent)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        var sixth = await app.Register(guest, UsersApp.ProfileDetails());
        var somebodyElse = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), UsersApp.ProfileDetails());
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        var tooEarly = await app.Register(guest, UsersApp.ProfileDetails());
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await app.Register(guest, UsersApp.ProfileDetails());

        sixth.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        sixth.RetryAfter.ShouldBe(60);
        somebodyElse.Status.ShouldBe(HttpStatusCode.Created);
        tooEarly.RetryAfter.ShouldBe(1);
        later.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Two_replicas_share_the_registration_limit()
    {
        await using var replica = await app.AnotherReplica();
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            i => i % 2 == 0 ? app.Register(guest, NoConsent) : replica.Api.Register(guest, NoConsent)));

        answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity).ShouldBe(5);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(35);
    }

    private static object NoConsent => new { fullName = "Анна", phone = "+79991234567" };
}
