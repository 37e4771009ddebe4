using System.Net;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.Tests.People;

public sealed class RegisterTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task A_guest_who_consents_is_registered_and_all_services_are_told()
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

        var told = await app.Published<UserRegistered>(happened => happened.TelegramId == telegramId);
        told.UserId.Value.ShouldBe(registered.Json("id"));
        told.FullName.ShouldBe("Анна Смирнова");
        told.City.ShouldBe("Казань");
        told.BirthDate.ShouldBe(new DateOnly(1994, 3, 12));
        told.Language.ShouldBe("en");
        told.PhoneVerified.ShouldBeFalse();
        told.RegisteredAt.ShouldBe(app.Clock.GetUtcNow());
        told.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Name_phone_and_consent_are_enough_and_the_language_is_Russian_then()
    {
        var registered = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), UsersApp.Particulars());

        registered.Status.ShouldBe(HttpStatusCode.Created);
        registered.Json("language").ShouldBe("ru");
        registered.Json("username").ShouldBeNull();
        registered.Json("city").ShouldBeNull();
        registered.Json("birthDate").ShouldBeNull();
    }

    [Fact]
    public async Task The_consent_is_kept_as_who_when_which_text_and_through_what()
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
    public async Task Without_consent_nothing_is_stored(string body)
    {
        var telegramId = UsersApp.NewTelegramId();

        var refused = await app.PostRaw("/api/users", body, await app.TokenByBot(telegramId));

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "consent_required");
        (await app.Count($"select count(*) from users where telegram_id = {telegramId}")).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_registers_somebody_else()
    {
        var refused = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), new
        {
            telegramId = UsersApp.NewTelegramId(), fullName = "Анна", phone = UsersApp.NewPhone(), consentPersonalData = true,
        });

        refused.ShouldBeProblem(HttpStatusCode.Unauthorized, "proof_required");
    }

    [Fact]
    public async Task A_token_that_proves_no_Telegram_account_registers_nobody()
    {
        (await app.Register(await app.Admin(), UsersApp.Particulars())).ShouldBeProblem(HttpStatusCode.Unauthorized, "proof_required");
    }

    [Fact]
    public async Task Who_is_registered_is_told_so_with_his_old_token_and_with_a_new_one()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        await app.Register(guest, UsersApp.Particulars());

        (await app.Register(guest, UsersApp.Particulars())).ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");
        (await app.Register(await app.TokenByBot(telegramId), UsersApp.Particulars())).ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");
    }

    [Fact]
    public async Task Who_was_shown_the_text_in_force_may_agree_to_it_and_to_no_other()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        var body = UsersApp.ParticularsAsFields();

        body["consentText"] = "2025-12";
        var outdated = await app.Register(guest, body);
        body["consentText"] = (await app.Get("/api/users/consent")).Json("version");
        var current = await app.Register(guest, body);

        outdated.ShouldBeProblem(HttpStatusCode.Conflict, "consent_outdated");
        current.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_bot_is_believed_that_the_phone_is_his_own_and_all_services_are_told()
    {
        var telegramId = UsersApp.NewTelegramId();
        var body = UsersApp.ParticularsAsFields();
        body["phoneVerified"] = true;

        var registered = await app.Register(await app.TokenByBot(telegramId), body);

        registered.Json("phoneVerified").ShouldBe(true);
        (await app.Row($"select phone_verified_at from users where telegram_id = {telegramId}"))["phone_verified_at"].ShouldBe(app.Clock.GetUtcNow().UtcDateTime);
        (await app.Published<UserRegistered>(happened => happened.TelegramId == telegramId)).PhoneVerified.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_is_believed_of_his_own_phone()
    {
        var telegramId = UsersApp.NewTelegramId();
        var body = UsersApp.ParticularsAsFields();
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
    public async Task A_phone_that_is_nobodys_or_of_an_unnamed_country_is_refused(string phone)
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
        var body = UsersApp.ParticularsAsFields();
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
    public async Task A_field_at_its_limit_is_kept(string field, object? value)
    {
        var body = UsersApp.ParticularsAsFields();
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
    public async Task A_body_that_is_no_registration_is_400(string body)
    {
        (await app.PostRaw("/api/users", body, await app.TokenByBot(UsersApp.NewTelegramId()))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Signs_of_direction_do_not_get_into_a_name()
    {
        var body = UsersApp.ParticularsAsFields();
        (body["fullName"], body["city"]) = ("Анна\u202Eдорог", "\u2067Казань\u2069");

        var registered = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), body);

        (registered.Json("fullName"), registered.Json("city")).ShouldBe(("Аннадорог", "Казань"));
    }

    [Theory]
    [InlineData("87172123456", "+77172123456")]
    [InlineData("4930901820", "+4930901820")]
    public async Task A_shared_contact_is_read_as_Telegram_writes_it(string contact, string e164)
    {
        var body = UsersApp.ParticularsAsFields();
        (body["phone"], body["phoneVerified"]) = (contact, true);

        var registered = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), body);

        (registered.Json("phone"), registered.Json("phoneVerified")).ShouldBe((e164, true));
    }

    [Fact]
    public async Task A_channel_is_one_in_whatever_case_its_link_is_typed()
    {
        var telegramId = UsersApp.NewTelegramId();
        var body = UsersApp.ParticularsAsFields();
        body["channel"] = "Instagram_Ads";

        var registered = await app.Register(await app.TokenByBot(telegramId), body);

        (await app.Row($"select channel from acquisition_channels where user_id = {registered.Json("id")}"))["channel"].ShouldBe("instagram_ads");
    }

    [Fact]
    public async Task A_number_that_somebody_has_only_typed_is_still_the_first_for_the_one_who_proves_it()
    {
        var phone = UsersApp.NewPhone();
        var typed = await app.GivenPerson(phone);

        var owner = await app.GivenVerifiedPerson(phone);
        var later = await app.GivenVerifiedPerson(phone);

        (await Told(typed)).PhoneVerified.ShouldBeFalse();
        (await Told(owner)).PhoneSeenBefore.ShouldBeFalse();
        (await Told(later)).PhoneSeenBefore.ShouldBeTrue();
        await app.AddsUp();
    }

    [Fact]
    public async Task A_proof_takes_over_a_number_that_an_earlier_release_had_put_down_as_it_was_typed()
    {
        var phone = UsersApp.NewPhone();
        var typed = await app.GivenPerson(phone);
        await app.Execute($"insert into seen_phones (phone, user_id, seen_at) values ('{phone}', {typed.UserId}, now())");

        var owner = await app.GivenVerifiedPerson(phone);

        (await Told(owner)).PhoneSeenBefore.ShouldBeFalse();
        (await app.Count($"select count(*) from seen_phones where phone = '{phone}' and user_id = {owner.UserId} and proven_at is not null")).ShouldBe(1);
    }

    [Fact]
    public async Task The_second_person_who_proves_a_phone_is_told_to_have_it_second_however_it_is_written()
    {
        var phone = UsersApp.NewPhone();
        var first = await app.GivenVerifiedPerson(phone);
        var second = await app.GivenVerifiedPerson($"8{phone[2..]}");
        var other = await app.GivenVerifiedPerson(UsersApp.NewPhone());

        (await Told(first)).PhoneSeenBefore.ShouldBeFalse();
        (await Told(second)).PhoneSeenBefore.ShouldBeTrue();
        (await Told(other)).PhoneSeenBefore.ShouldBeFalse();
    }

    [Fact]
    public async Task Of_20_people_who_prove_one_phone_at_once_one_has_it_first()
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
        var told = await Task.WhenAll(guests.Select(guest => app.Published<UserRegistered>(happened => happened.TelegramId == guest.telegramId)));
        told.Count(happened => !happened.PhoneSeenBefore).ShouldBe(1);
    }

    [Fact]
    public async Task Somebody_who_was_refused_has_not_used_up_his_phone()
    {
        var phone = UsersApp.NewPhone();
        var known = await app.GivenPerson();
        (await app.Register(await app.TokenByBot(known.TelegramId), new { fullName = "Анна", phone, consentPersonalData = true, phoneVerified = true }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "user_exists");

        (await Told(await app.GivenVerifiedPerson(phone))).PhoneSeenBefore.ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_key_and_body_give_the_recorded_answer_again()
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);
        var body = UsersApp.Particulars();

        var first = await app.Register(guest, body, key: "bot:77:1");
        var again = await app.Register(guest, body, key: "bot:77:1");
        var other = await app.Register(guest, UsersApp.Particulars(), key: "bot:77:1");

        first.Status.ShouldBe(HttpStatusCode.Created);
        again.Status.ShouldBe(HttpStatusCode.Created);
        again.Location.ShouldBe(first.Location);
        again.Body.ShouldBe(first.Body);
        other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.Count($"select count(*) from users where telegram_id = {telegramId}")).ShouldBe(1);
        await Told(new Person(telegramId, default, guest));
    }

    [Fact]
    public async Task A_refusal_is_judged_anew_with_the_same_key()
    {
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        var body = UsersApp.ParticularsAsFields();
        body["phone"] = "+7999";
        (await app.Register(guest, body, key: "1")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "phone_invalid");
        body["phone"] = UsersApp.NewPhone();

        (await app.Register(guest, body, key: "1")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Neither_his_phone_nor_his_name_nor_his_token_is_logged()
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

    private Task<UserRegistered> Told(Person person) => app.Published<UserRegistered>(happened => happened.TelegramId == person.TelegramId);
}

/// <summary>What the limit of five a minute would hide.</summary>
public sealed class RegisterAtOnceTests(RegisterAtOnceTests.UnlimitedApp app) : IClassFixture<RegisterAtOnceTests.UnlimitedApp>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_50_registrations_of_one_Telegram_account_at_once_one_wins(bool withKeys)
    {
        var telegramId = UsersApp.NewTelegramId();
        var guest = await app.TokenByBot(telegramId);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => app.Register(guest, UsersApp.Particulars(), withKeys ? $"key-{i}" : null)));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => (string)answer.Json("code")! == "user_exists");
        (await app.Count($"select count(*) from users where telegram_id = {telegramId}")).ShouldBe(1);
        await app.Published<UserRegistered>(happened => happened.TelegramId == telegramId);
    }

    [Fact]
    public async Task The_same_key_50_times_at_once_is_one_registration_and_one_answer()
    {
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        var body = UsersApp.Particulars();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Register(guest, body, key: "once")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
    }

    public sealed class UnlimitedApp() : UsersApp("Users:RegistrationsPerMinute", "1000");
}

public sealed class RegistrationLimitTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task The_sixth_try_in_a_minute_is_429_until_the_minute_is_over()
    {
        var guest = await app.TokenByBot(UsersApp.NewTelegramId());
        for (var i = 0; i < 5; i++)
        {
            (await app.Register(guest, NoConsent)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        var sixth = await app.Register(guest, UsersApp.Particulars());
        var somebodyElse = await app.Register(await app.TokenByBot(UsersApp.NewTelegramId()), UsersApp.Particulars());
        app.Clock.Advance(TimeSpan.FromSeconds(59));
        var tooEarly = await app.Register(guest, UsersApp.Particulars());
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await app.Register(guest, UsersApp.Particulars());

        sixth.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        sixth.RetryAfter.ShouldBe(60);
        somebodyElse.Status.ShouldBe(HttpStatusCode.Created);
        tooEarly.RetryAfter.ShouldBe(1);
        later.Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Two_replicas_share_the_limit()
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
