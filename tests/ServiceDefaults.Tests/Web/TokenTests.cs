using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting.Internal;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Keys;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class TokenTests : IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task The_caller_is_read_from_the_token()
    {
        await using var service = await Start();
        var token = service.Token(new TokenSubject(Role.Staff, new UserId(5), new TelegramId(1001), new StaffId(3), "barista-bot"));

        var answer = await Get(service, token, "/me");

        answer.Body.ShouldBe("""{"role":"staff","userId":5,"telegramId":1001,"staffId":3,"actor":"barista-bot","subject":"staff:3"}""");
    }

    [Fact]
    public async Task A_guest_known_only_by_e_mail_has_a_hashed_subject()
    {
        await using var service = await Start();

        var answer = await Get(service, service.Token(new TokenSubject(Role.Guest, Email: "anna@example.com")), "/guest");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ShouldBe($"\"{Caller.SubjectOf("Anna@Example.com")}\"");
        answer.Body.ShouldMatch("^\"email:[0-9a-f]{24}\"$");
    }

    [Theory]
    [InlineData("/guest", "guest client staff admin service")]
    [InlineData("/client", "client staff admin service")]
    [InlineData("/staff", "staff admin service")]
    [InlineData("/admin", "admin service")]
    [InlineData("/service", "service")]
    public async Task A_role_may_call_the_routes_of_lower_roles(string path, string allowed)
    {
        await using var service = await Start();
        foreach (var role in Enum.GetValues<Role>())
        {
            using var client = service.As(role);
            var answer = await Answer.Of(await client.GetAsync(path, Ct), Ct);
            if (allowed.Split(' ').Contains(role.ToString().ToLowerInvariant()))
            {
                answer.Status.ShouldBe(HttpStatusCode.OK, $"{role} at {path}");
            }
            else
            {
                answer.ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            }
        }
    }

    [Fact]
    public async Task A_client_token_without_a_user_id_is_refused()
    {
        await using var service = await Start();

        var answer = await Get(service, service.Token(new TokenSubject(Role.Client, TelegramId: new TelegramId(77))), "/client");

        answer.ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_call_without_a_valid_token_is_401()
    {
        await using var service = await Start();
        var good = service.Token(new TokenSubject(Role.Client, new UserId(5)));
        foreach (var token in new[] { null, "", "x", "garbage-garbage", good[..^4], good + "AAAA", $"A{good[1..]}" })
        {
            var answer = await Get(service, token, "/client");

            answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            answer.Header("WWW-Authenticate").ShouldBe("Bearer");
        }
    }

    [Fact]
    public async Task A_token_that_has_expired_by_the_services_clock_is_401()
    {
        await using var service = await Start();
        var token = service.Token(new TokenSubject(Role.Client, new UserId(5)), TimeSpan.FromMinutes(10));

        service.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        (await Get(service, token, "/client")).Status.ShouldBe(HttpStatusCode.OK);

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Get(service, token, "/client")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_token_without_an_identity_is_not_issued()
    {
        await using var service = await Start();

        Should.Throw<ArgumentException>(() => service.Token(new TokenSubject(Role.Client)));
    }

    [Fact]
    public async Task A_token_is_accepted_by_another_service_which_creates_no_keys()
    {
        await using var users = await Start();
        await using var other = await Start(createsKeys: false);

        (await Get(other, users.Token(new TokenSubject(Role.Client, new UserId(5))), "/client")).Status.ShouldBe(HttpStatusCode.OK);
        (await _database.Scalar<long>("select count(*) from platform.keys", Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_service_started_before_the_first_key_picks_it_up()
    {
        await _database.Execute("truncate platform.keys", Ct);
        await using var other = await Start(createsKeys: false);
        await using var users = await Start();
        var token = users.Token(new TokenSubject(Role.Client, new UserId(5)));

        await Eventually.IsTrue(async () => (await Get(other, token, "/client")).Status == HttpStatusCode.OK, Ct);
    }

    [Fact]
    public async Task Replaced_keys_are_picked_up_without_a_restart()
    {
        await using var other = await Start(createsKeys: false);
        await using (var users = await Start())
        {
            var token = users.Token(new TokenSubject(Role.Client, new UserId(5)));
            await Eventually.IsTrue(async () => (await Get(other, token, "/client")).Status == HttpStatusCode.OK, Ct);
        }

        await _database.Execute("truncate platform.keys", Ct);
        await using var restored = await Start();
        var newToken = restored.Token(new TokenSubject(Role.Client, new UserId(5)));

        await Eventually.IsTrue(async () => (await Get(other, newToken, "/client")).Status == HttpStatusCode.OK, Ct);
    }

    [Fact]
    public async Task The_first_key_is_created_once_by_the_migration()
    {
        await _database.Execute("truncate platform.keys", Ct);
        var owner = _database.Open(_database.Owner("users"));
        var configuration = new ConfigurationBuilder().Build();
        var environment = new HostingEnvironment { EnvironmentName = Environments.Production };
        Should.Throw<InvalidOperationException>(() => PlatformKeys.EnsureKey(owner, configuration, environment)).Message.ShouldContain("Keys:Certificate:Path");
        environment.EnvironmentName = Environments.Development;
        PlatformKeys.EnsureKey(owner, configuration, environment).ShouldBeTrue();
        PlatformKeys.EnsureKey(owner, configuration, environment).ShouldBeFalse();

        // A service that creates no keys finds it and uses it.
        await using var other = await Start(createsKeys: false);
        (await Get(other, other.Token(new TokenSubject(Role.Service, Actor: "letters")), "/service")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_blocked_persons_tokens_are_refused_until_the_block_is_lifted()
    {
        await using var service = await Start();
        var user = new UserId(5);
        var old = service.Token(new TokenSubject(Role.Client, user));
        var anothers = service.Token(new TokenSubject(Role.Client, new UserId(6)));

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Write(service, db => new RevokeTokens<TestDb>(db).Handle(
            new UserBlocked { UserId = user, BlockedAt = service.Clock.GetUtcNow(), Version = 2 }, Ct));

        await Eventually.IsTrue(async () => (await Get(service, old, "/client")).Status == HttpStatusCode.Forbidden, Ct);
        (await Get(service, old, "/guest")).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await Get(service, service.Token(new TokenSubject(Role.Client, user)), "/client")).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");
        (await Get(service, anothers, "/client")).Status.ShouldBe(HttpStatusCode.OK);

        // An older event that arrives late changes nothing.
        await Write(service, db => new RestoreTokens<TestDb>(db).Handle(
            new UserUnblocked { UserId = user, UnblockedAt = service.Clock.GetUtcNow(), Version = 1 }, Ct));
        (await _database.Scalar<bool>("select blocked from users.revoked_users", Ct)).ShouldBeTrue();

        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await Write(service, db => new RestoreTokens<TestDb>(db).Handle(
            new UserUnblocked { UserId = user, UnblockedAt = service.Clock.GetUtcNow(), Version = 3 }, Ct));
        var renewed = service.Token(new TokenSubject(Role.Client, user));

        await Eventually.IsTrue(async () => (await Get(service, renewed, "/client")).Status == HttpStatusCode.OK, Ct);
        // The person is no longer blocked, so an old token gets 401 and they sign in again.
        (await Get(service, old, "/client")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Tokens_from_before_a_recovery_are_refused_and_late_older_blocks_are_ignored()
    {
        await using var service = await Start();
        var user = new UserId(5);
        var old = service.Token(new TokenSubject(Role.Client, user));
        service.Clock.Advance(TimeSpan.FromSeconds(1));

        await Write(service, db => new RevokeIssuedTokens<TestDb>(db).Handle(
            new UserTokensRevoked { UserId = user, RevokedAt = service.Clock.GetUtcNow(), Version = 4 }, Ct));
        var renewed = service.Token(new TokenSubject(Role.Client, user));

        await Eventually.Passes(async () => (await Get(service, old, "/client")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
        (await Get(service, renewed, "/client")).Status.ShouldBe(HttpStatusCode.OK);

        // An earlier block, already lifted, arrives late; then a newer one arrives.
        await Write(service, db => new RevokeTokens<TestDb>(db).Handle(
            new UserBlocked { UserId = user, BlockedAt = service.Clock.GetUtcNow(), Version = 2 }, Ct));
        (await _database.Scalar<bool>("select blocked from users.revoked_users", Ct)).ShouldBeFalse();
        await Write(service, db => new RevokeTokens<TestDb>(db).Handle(
            new UserBlocked { UserId = user, BlockedAt = service.Clock.GetUtcNow(), Version = 5 }, Ct));
        await Eventually.IsTrue(async () => (await Get(service, renewed, "/client")).Status == HttpStatusCode.Forbidden, Ct);
    }

    [Fact]
    public async Task A_token_of_an_older_version_is_refused_even_if_its_time_is_later()
    {
        await using var service = await Start();
        // As if issued by a replica whose clock is ahead, or while the revocation waited for locks.
        service.Clock.Advance(TimeSpan.FromSeconds(30));
        var old = service.Token(new TokenSubject(Role.Client, new UserId(5), PersonVersion: 3));
        var renewed = service.Token(new TokenSubject(Role.Client, new UserId(5), PersonVersion: 4));

        await Write(service, db => new RevokeIssuedTokens<TestDb>(db).Handle(
            new UserTokensRevoked { UserId = new UserId(5), RevokedAt = service.Clock.GetUtcNow() - TimeSpan.FromMinutes(1), Version = 4 }, Ct));

        await Eventually.Passes(async () => (await Get(service, old, "/client")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
        (await Get(service, renewed, "/client")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Staff_tokens_with_an_older_version_or_none_are_refused()
    {
        await using var service = await Start();
        var (old, older) = (Staff(3, version: 1), Staff(3, version: null));
        var (renewed, colleague) = (Staff(3, version: 2), Staff(4, version: 1));

        foreach (var version in new[] { 2, 1 })
        {
            await Write(service, db => new RevokeStaffTokens<TestDb>(db).Handle(new StaffTokensRevoked { StaffId = new StaffId(3), Version = version }, Ct));
        }

        foreach (var refused in new[] { old, older })
        {
            await Eventually.Passes(async () => (await Get(service, refused, "/staff")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated"), Ct);
        }

        (await Get(service, renewed, "/staff")).Status.ShouldBe(HttpStatusCode.OK);
        (await Get(service, colleague, "/staff")).Status.ShouldBe(HttpStatusCode.OK);

        string Staff(long id, long? version) => service.Token(new TokenSubject(Role.Staff, StaffId: new StaffId(id), StaffVersion: version));
    }

    [Fact]
    public async Task A_revocation_that_commits_after_later_ones_is_still_read()
    {
        var revoked = new RevokedUsers();
        var database = _database.Open(_database.Service("users"));
        await using var connection = await database.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await Execute("""
            insert into users.revoked_users (user_id, blocked, tokens_before, version, changed_at)
            values (5, true, clock_timestamp(), 2, clock_timestamp())
            """);
        // Another revocation, written an hour later, moves the readers' position forward.
        await _database.Execute("""
            insert into users.revoked_users (user_id, blocked, tokens_before, version, changed_at)
            values (6, true, clock_timestamp(), 2, clock_timestamp() + interval '1 hour')
            """, Ct);
        var since = await revoked.Load(database, since: null, Ct);
        since = await revoked.Load(database, since, Ct);
        revoked.Refuses(Person(6), openToBlocked: false).ShouldBe(PlatformErrors.UserBlocked);
        revoked.Refuses(Person(5), openToBlocked: false).ShouldBeNull();

        await transaction.CommitAsync(Ct);
        await revoked.Load(database, since, Ct);

        revoked.Refuses(Person(5), openToBlocked: false).ShouldBe(PlatformErrors.UserBlocked);

        async Task Execute(string sql)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(Ct);
        }

        static Caller Person(long id) => new() { Role = Role.Client, UserId = new UserId(id) };
    }

    [Fact]
    public async Task Tokens_of_an_erased_person_stay_refused_after_late_events()
    {
        await using var service = await Start();
        var user = new UserId(5);
        var token = service.Token(new TokenSubject(Role.Client, user, new TelegramId(77)));

        await Write(service, db => new PurgeErasedUser<TestDb>(db).Handle(
            new UserErased { UserId = user, TelegramId = new TelegramId(77), ErasedAt = service.Clock.GetUtcNow(), Version = 3 }, Ct));

        await Eventually.IsTrue(async () => (await Get(service, token, "/client")).Status == HttpStatusCode.Unauthorized, Ct);
        (await Get(service, token, "/client")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");

        // The end of an earlier block arrives late.
        await Write(service, db => new RestoreTokens<TestDb>(db).Handle(
            new UserUnblocked { UserId = user, UnblockedAt = service.Clock.GetUtcNow(), Version = 2 }, Ct));
        (await Get(service, token, "/client")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private async Task<TestService> Start(bool createsKeys = true) => await TestService.Start(_database, app =>
    {
        app.MapGet("/me", (Caller caller) => TypedResults.Ok(
            new { caller.Role, caller.UserId, caller.TelegramId, caller.StaffId, caller.Actor, caller.Subject })).RequireRole(Role.Guest);
        foreach (var role in Enum.GetValues<Role>())
        {
            app.MapGet($"/{role.ToString().ToLowerInvariant()}", Ok<string> (Caller caller) => TypedResults.Ok(caller.Subject)).RequireRole(role);
        }
    }, Ct, createsKeys: createsKeys);

    private static async Task<Answer> Get(TestService service, string? token, string path)
    {
        using var client = service.Anyone;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await Answer.Of(await client.SendAsync(request, Ct), Ct);
    }

    private static async Task Write(TestService service, Func<TestDb, Task> write)
    {
        await using var scope = service.Services.CreateAsyncScope();
        await write(scope.ServiceProvider.GetRequiredService<TestDb>());
    }
}
