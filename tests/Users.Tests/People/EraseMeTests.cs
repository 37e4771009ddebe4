using System.Net;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Users.Tests.People;

public sealed class EraseMeTests(UsersApp app) : IClassFixture<UsersApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erasure_removes_the_person_at_once_and_is_published()
    {
        var person = await app.GivenPerson();
        var signIn = await app.SignInByBot(person.TelegramId);

        (await app.Delete("/api/users/me", person.Token)).Status.ShouldBe(HttpStatusCode.NoContent);

        var published = await app.Published<UserErased>(erased => erased.UserId == person.UserId);
        (published.TelegramId, published.Version).ShouldBe((person.TelegramId, 2L));
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
    public async Task Ten_concurrent_erasures_erase_once()
    {
        var person = await app.GivenPerson();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Delete("/api/users/me", person.Token)));

        answers.Count(answer => answer.Status == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.NoContent)
            .ShouldAllBe(answer => answer.Status == HttpStatusCode.NotFound || answer.Status == HttpStatusCode.Unauthorized);
        (await app.Count($"select version from users where id = {person.UserId}")).ShouldBe(2);
    }

    [Fact]
    public async Task A_token_exchanged_during_an_erasure_is_deleted_too()
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
    public async Task An_erased_person_who_returns_is_new_but_their_phone_counts_as_seen()
    {
        var phone = UsersApp.NewPhone();
        var before = await app.GivenVerifiedPerson(phone);
        await app.Delete("/api/users/me", before.Token);
        (await app.Count($"select count(*) from seen_phones where phone = '{phone}'")).ShouldBe(0);

        var after = await app.GivenVerifiedPerson(phone, before.TelegramId);

        after.UserId.ShouldNotBe(before.UserId);
        (await app.Published<UserRegistered>(published => published.UserId == after.UserId)).PhoneSeenBefore.ShouldBeTrue();

        // Returning again or a resync gives no bonus either.
        await app.Delete("/api/users/me", after.Token);
        var third = await app.GivenVerifiedPerson(phone, before.TelegramId);
        (await app.Published<UserRegistered>(published => published.UserId == third.UserId)).PhoneSeenBefore.ShouldBeTrue();
        (await app.Count($"select count(*) from seen_phones where phone = '{phone}' and user_id = {third.UserId}")).ShouldBe(0);
        await app.AddsUp();
    }

    [Fact]
    public async Task Erasure_keeps_a_phone_that_another_person_has_proven()
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
    public async Task Erasure_of_a_person_who_only_typed_a_number_costs_its_owner_nothing()
    {
        var phone = UsersApp.NewPhone();
        var typed = await app.GivenPerson(phone);
        await app.Execute($"insert into seen_phones (phone, user_id, seen_at) values ('{phone}', {typed.UserId}, now())");

        await app.Delete("/api/users/me", typed.Token);

        (await app.Count($"select count(*) from seen_phones where phone = '{phone}'")).ShouldBe(0);
        var owner = await app.GivenVerifiedPerson(phone);
        (await app.Published<UserRegistered>(published => published.UserId == owner.UserId)).PhoneSeenBefore.ShouldBeFalse();
        await app.AddsUp();
    }

    [Fact]
    public async Task A_registration_during_its_owners_erasure_never_counts_as_first_with_the_phone()
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
                (await app.Published<UserRegistered>(published => published.UserId == person.UserId)).PhoneSeenBefore.ShouldBeTrue();
            }
        }

        await app.AddsUp();
    }

    [Fact]
    public async Task Erasure_deletes_recorded_responses_and_leaves_anonymous_counters()
    {
        var telegramId = UsersApp.NewTelegramId();
        (await app.Register(await app.TokenByBot(telegramId), UsersApp.ProfileDetails(), key: "register-once")).Status.ShouldBe(HttpStatusCode.Created);
        (await app.Count($"select count(*) from idempotency_keys where subject = 'telegram:{telegramId}'")).ShouldBe(1);

        (await app.Delete("/api/users/me", await app.TokenByBot(telegramId))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Count($"select count(*) from idempotency_keys where subject = 'telegram:{telegramId}'")).ShouldBe(0);
        (await app.Count($"select count(*) from rate_limits where subject like '%{telegramId}%'")).ShouldBe(0);
    }

    [Fact]
    public async Task Erasure_does_not_reset_the_rate_limits()
    {
        var telegramId = UsersApp.NewTelegramId();
        // Five tries in this minute, the last of which succeeds.
        var guest = await app.TokenByBot(telegramId);
        for (var i = 0; i < 4; i++)
        {
            (await app.Register(guest, new { fullName = "Анна", phone = UsersApp.NewPhone() })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await app.Register(guest, UsersApp.ProfileDetails())).Status.ShouldBe(HttpStatusCode.Created);

        (await app.Delete("/api/users/me", await app.TokenByBot(telegramId))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Register(await app.TokenByBot(telegramId), UsersApp.ProfileDetails())).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task Erasure_deletes_responses_recorded_under_the_staff_identity()
    {
        var telegramId = UsersApp.NewTelegramId();
        var staff = await app.GivenStaff(telegramId);
        var subject = $"staff:{(await app.Get("/api/auth/me", staff)).Json("staffId")}";
        (await app.Register(staff, UsersApp.ProfileDetails(), key: "register-once")).Status.ShouldBe(HttpStatusCode.Created);
        (await app.Count($"select count(*) from idempotency_keys where subject = '{subject}'")).ShouldBe(1);

        (await app.Delete("/api/users/me", await app.TokenByBot(telegramId))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Count($"select count(*) from idempotency_keys where subject = '{subject}'")).ShouldBe(0);
    }

    [Fact]
    public async Task An_erased_member_of_the_staff_stays_staff_but_not_a_guest()
    {
        var telegramId = UsersApp.NewTelegramId();
        await app.GivenPerson(telegramId: telegramId);
        var staff = await app.GivenStaff(telegramId);

        (await app.Delete("/api/users/me", staff)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Get("/api/auth/me", await app.TokenByBot(telegramId))).Json("role").ShouldBe("staff");
    }

    [Fact]
    public async Task Staff_who_are_not_registered_have_nothing_to_erase() =>
        (await app.Delete("/api/users/me", await app.GivenStaff())).ShouldBeProblem(HttpStatusCode.NotFound, "user_not_found");

    [Fact]
    public async Task The_database_refuses_an_erased_row_with_personal_data()
    {
        var person = await app.GivenPerson();

        var refused = await Should.ThrowAsync<Npgsql.PostgresException>(
            () => app.Execute($"update users set erased_at = updated_at, is_active = false where id = {person.UserId}"));

        refused.ConstraintName.ShouldBe("ck_users_erased_is_nobody");
    }
}
