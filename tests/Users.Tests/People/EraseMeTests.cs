using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.People;

public sealed class EraseMeTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_erases_himself_is_nobody_at_once_and_the_others_are_told()
    {
        var person = await app.GivenPerson();
        var signIn = await app.SignInByBot(person.TelegramId);

        (await app.Delete("/api/users/me", person.Token)).Status.ShouldBe(HttpStatusCode.NoContent);

        var told = await app.Published<UserErased>(erased => erased.UserId == person.UserId);
        (told.TelegramId, told.Version).ShouldBe((person.TelegramId, 2L));
        var row = await app.Row($"select * from users where id = {person.UserId}");
        row["full_name"].ShouldBe("");
        foreach (var personal in new[] { "telegram_id", "email", "username", "phone", "phone_verified_at", "city", "birth_date", "consent_by" })
        {
            row[personal].ShouldBeNull(personal);
        }

        (await app.Count($"select count(*) from token_families where telegram_id = {person.TelegramId}")).ShouldBe(0);
        (await app.Refresh(signIn.RefreshToken)).ShouldBeProblem(HttpStatusCode.Unauthorized, "refresh_refused");
        await Eventually.Passes(async () => (await app.Get("/api/users/me", person.Token)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
        (await app.Get($"/api/users/by-telegram/{person.TelegramId}", await app.GivenStaff())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");
        await app.AddsUp();
    }

    [Fact]
    public async Task Ten_at_once_erase_him_once()
    {
        var person = await app.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Delete("/api/users/me", person.Token)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.NoContent)
            .ShouldAllBe(answer => answer.Status == HttpStatusCode.NotFound || answer.Status == HttpStatusCode.Unauthorized);
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(2);
    }

    [Fact]
    public async Task A_token_that_is_just_exchanged_when_he_erases_himself_is_forgotten_too()
    {
        var person = await app.GivenPerson();
        await using var exchanging = await app.Database.Open(app.Database.Superuser).OpenConnectionAsync(Ct);
        await using var transaction = await exchanging.BeginTransactionAsync(Ct);
        await using var exchange = new Npgsql.NpgsqlCommand(
            $"""
            with family as (select id from users.token_families where telegram_id = {person.TelegramId} limit 1 for update),
                used as (update users.refresh_tokens set used_at = issued_at from family where family_id = family.id returning family_id, issued_at, expires_at)
            select family_id, issued_at, expires_at into temporary used from used;
            insert into users.refresh_tokens (hash, family_id, issued_at, expires_at) select sha256('the next one'), * from used
            """, exchanging);
        await exchange.ExecuteNonQueryAsync(Ct);

        var erasure = app.Delete("/api/users/me", person.Token);
        await Eventually.IsTrue(
            async () => await app.Count("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0, Ct);
        await transaction.CommitAsync(Ct);

        (await erasure).Status.ShouldBe(HttpStatusCode.NoContent);
        (await app.Count($"select count(*) from token_families where telegram_id = {person.TelegramId}")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_comes_back_is_somebody_new_and_his_phone_counts_as_seen()
    {
        var phone = UsersApp.NewPhone();
        var before = await app.GivenVerifiedPerson(phone);
        await app.Delete("/api/users/me", before.Token);
        (await app.Count($"select count(*) from seen_phones where phone = '{phone}'")).ShouldBe(0);

        var after = await app.GivenVerifiedPerson(phone, before.TelegramId);

        after.UserId.ShouldNotBe(before.UserId);
        (await app.Published<UserRegistered>(told => told.UserId == after.UserId)).PhoneSeenBefore.ShouldBeTrue();

        // Nor does he get anything by coming and going, or by a resync.
        await app.Delete("/api/users/me", after.Token);
        var third = await app.GivenVerifiedPerson(phone, before.TelegramId);
        (await app.Published<UserRegistered>(told => told.UserId == third.UserId)).PhoneSeenBefore.ShouldBeTrue();
        (await app.Count($"select count(*) from seen_phones where phone = '{phone}' and user_id = {third.UserId}")).ShouldBe(0);
        await app.AddsUp();
    }

    [Fact]
    public async Task A_phone_that_another_person_has_too_stays_his()
    {
        var phone = UsersApp.NewPhone();
        var first = await app.GivenVerifiedPerson(phone);
        var second = await app.GivenVerifiedPerson(phone);

        await app.Delete("/api/users/me", first.Token);

        (await app.Get("/api/users/me", second.Token)).Json("phone").ShouldBe(phone);
        (await app.Count($"select count(*) from seen_phones where phone = '{phone}'")).ShouldBe(1);
        await app.AddsUp();
    }

    [Fact]
    public async Task A_number_that_was_only_typed_leaves_nothing_that_its_owner_would_lose_by()
    {
        var phone = UsersApp.NewPhone();
        var typed = await app.GivenPerson(phone);
        await app.Execute($"insert into seen_phones (phone, user_id, seen_at) values ('{phone}', {typed.UserId}, now())");

        await app.Delete("/api/users/me", typed.Token);

        (await app.Count($"select count(*) from seen_phones where phone = '{phone}'")).ShouldBe(0);
        var owner = await app.GivenVerifiedPerson(phone);
        (await app.Published<UserRegistered>(told => told.UserId == owner.UserId)).PhoneSeenBefore.ShouldBeFalse();
        await app.AddsUp();
    }

    [Fact]
    public async Task Who_registers_with_the_number_while_its_owner_erases_himself_is_never_the_first_to_have_it()
    {
        foreach (var _ in Enumerable.Range(0, 10))
        {
            var phone = UsersApp.NewPhone();
            var owner = await app.GivenVerifiedPerson(phone);

            var (erasure, newcomer, racing) = (app.Delete("/api/users/me", owner.Token), app.GivenVerifiedPerson(phone), app.GivenVerifiedPerson(phone));
            await Task.WhenAll(erasure, newcomer, racing);

            (await erasure).Status.ShouldBe(HttpStatusCode.NoContent);

            foreach (var person in new[] { await newcomer, await racing })
            {
                (await app.Published<UserRegistered>(told => told.UserId == person.UserId)).PhoneSeenBefore.ShouldBeTrue();
            }
        }

        await app.AddsUp();
    }

    [Fact]
    public async Task His_recorded_answers_are_forgotten_with_him_and_his_counts_name_nobody()
    {
        var telegramId = UsersApp.NewTelegramId();
        (await app.Register(await app.TokenByBot(telegramId), UsersApp.Particulars(), key: "register-once")).Status.ShouldBe(HttpStatusCode.Created);
        (await app.Count($"select count(*) from idempotency_keys where subject = 'telegram:{telegramId}'")).ShouldBe(1);

        (await app.Delete("/api/users/me", await app.TokenByBot(telegramId))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Count($"select count(*) from idempotency_keys where subject = 'telegram:{telegramId}'")).ShouldBe(0);
        (await app.Count($"select count(*) from rate_limits where subject like '%{telegramId}%'")).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_erases_himself_and_comes_back_has_no_fresh_set_of_tries()
    {
        var telegramId = UsersApp.NewTelegramId();
        // Five tries in this minute, of which the last succeeds.
        var guest = await app.TokenByBot(telegramId);
        for (var i = 0; i < 4; i++)
        {
            (await app.Register(guest, new { fullName = "Анна", phone = UsersApp.NewPhone() })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await app.Register(guest, UsersApp.Particulars())).Status.ShouldBe(HttpStatusCode.Created);

        (await app.Delete("/api/users/me", await app.TokenByBot(telegramId))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Register(await app.TokenByBot(telegramId), UsersApp.Particulars())).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task What_was_recorded_of_him_as_a_member_of_the_staff_is_forgotten_too()
    {
        var telegramId = UsersApp.NewTelegramId();
        var staff = await app.GivenStaff(telegramId);
        var subject = $"staff:{(await app.Get("/api/auth/me", staff)).Json("staffId")}";
        (await app.Register(staff, UsersApp.Particulars(), key: "register-once")).Status.ShouldBe(HttpStatusCode.Created);
        (await app.Count($"select count(*) from idempotency_keys where subject = '{subject}'")).ShouldBe(1);

        (await app.Delete("/api/users/me", await app.TokenByBot(telegramId))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Count($"select count(*) from idempotency_keys where subject = '{subject}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_works_here_stays_a_member_of_the_staff_but_a_guest_no_more()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.GivenPerson(telegramId: telegramId);
        var staff = await app.GivenStaff(telegramId);

        (await app.Delete("/api/users/me", staff)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Get("/api/auth/me", await app.TokenByBot(telegramId))).Json("role").ShouldBe("staff");
    }

    [Fact]
    public async Task Staff_who_are_nobodys_guests_have_nothing_to_erase() =>
        (await app.Delete("/api/users/me", await app.GivenStaff())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

    [Fact]
    public async Task The_database_refuses_a_row_that_is_erased_and_names_somebody()
    {
        var person = await app.GivenPerson();

        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(
            () => app.Execute($"update users set erased_at = updated_at, is_active = false where id = {person.UserId}"));

        refused.ConstraintName.ShouldBe("ck_users_erased_is_nobody");
    }
}
