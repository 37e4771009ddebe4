using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

/// <summary>A service that counts how often its handler takes effect.</summary>
public sealed class CountingService : IAsyncLifetime
{
    private static readonly ErrorCode Refused = new("not_enough_points", 409, "Spend fewer.");

    internal TestDatabase Database { get; private set; } = null!;

    internal TestService First { get; private set; } = null!;

    internal TestService Second { get; private set; } = null!;

    public sealed record Request(
        [StringLength(10)] string Name, bool Refuse = false, bool Fail = false, decimal? Weight = null, System.Text.Json.JsonElement? Notes = null);

    public sealed record Response(long Id, Money Price, string Zebra, string Apple);

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        Database = await TestDatabase.Create();
        await Database.Execute("create table users.effects (id bigint generated always as identity, subject text); grant all on users.effects to users", ct);
        First = await TestService.Start(Database, Map, ct);
        Second = await TestService.Start(Database, Map, ct, createsKeys: false);
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static void Map(WebApplication app)
    {
        app.MapPost("/things", Handle).RequireRole(Role.Client).Idempotent<TestDb>();
        app.MapPost("/others", Handle).RequireRole(Role.Client).Idempotent<TestDb>();
        app.MapPost("/keys", (IdempotencyKey key) => TypedResults.Ok(new { key = key.Value ?? "" })).RequireRole(Role.Client);
        app.MapPost("/things/{id}/touch", async Task<NoContent> (long id, Caller caller, TestDb db, CancellationToken ct) =>
        {
            await db.Database.ExecuteSqlAsync($"insert into effects (subject) values ({caller.Subject})", ct);
            return TypedResults.NoContent();
        }).RequireRole(Role.Client).Idempotent<TestDb>();
    }

    private static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(Request request, Caller caller, TestDb db, CancellationToken ct)
    {
        var id = await db.Database.SqlQuery<long>($"insert into effects (subject) values ({caller.Subject}) returning id as \"Value\"").ToListAsync(ct);
        if (request.Fail)
        {
            throw new InvalidOperationException("It failed after it wrote.");
        }

        return request.Refuse
            ? Problems.For(Refused)
            : TypedResults.Created($"/things/{id[0]}", new Response(id[0], new Money(10.50m), "z", "a"));
    }
}

public sealed class IdempotencyTests(CountingService service) : IClassFixture<CountingService>
{
    private static long _lastUser = 100;

    private readonly long _user = Interlocked.Increment(ref _lastUser);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_concurrent_calls_with_one_key_run_the_handler_once_and_get_one_answer()
    {
        using var first = service.First.As(Role.Client, _user);
        using var second = service.Second.As(Role.Client, _user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(call => Post(call % 2 == 0 ? first : second, "k1")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Select(answer => answer.Body).Distinct().Count().ShouldBe(1);
        answers.Select(answer => answer.Location).Distinct().Count().ShouldBe(1);
        (await Effects()).ShouldBe(1);
    }

    [Fact]
    public async Task A_repeated_key_with_another_body_is_422_and_does_nothing()
    {
        using var client = service.First.As(Role.Client, _user);
        await Post(client, "k1");

        (await Post(client, "k1", name: "other")).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await Effects()).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"notes":{"b":[2,{"y":null,"x":"1"}],"a":1.0},"name":"a","weight":5.5}""", "/things?from=till&x=1")]
    [InlineData("""{"name":"a","weight":55e-1,"notes":{"a":10e-1,"b":[2.00,{"x":"\u0031","y":null}]}}""", "/things?x=1&from=till")]
    [InlineData("""{ "weight": 5.50, "name": "a", "refuse": false, "notes": {"a":1,"b":[2e0,{"x":"1","y":null}]} }""", "/Things/?from=till&x=1")]
    public async Task Equal_content_is_the_same_request_whatever_its_formatting(string body, string address)
    {
        using var client = service.First.As(Role.Client, _user);
        var key = $"{Guid.NewGuid():n}";

        var first = await Send(client, "/things?from=till&x=1", key, Json("""{"name":"a","weight":5.5,"notes":{"a":1,"b":[2,{"x":"1","y":null}]}}"""));
        var again = await Send(client, address, key, Json(body));

        first.Status.ShouldBe(HttpStatusCode.Created, first.Body);
        (again.Status, again.Body).ShouldBe((first.Status, first.Body));
    }

    [Theory]
    [InlineData("""{"name":"a","notes":{"a":1,"b":[2,1]}}""")]
    [InlineData("""{"name":"a","notes":{"a":"1","b":[1,2]}}""")]
    [InlineData("""{"name":"a","notes":{"a":10,"b":[1,2]}}""")]
    [InlineData("""{"name":"a","notes":{"a":-1,"b":[1,2]}}""")]
    [InlineData("""{"name":"a","notes":{"a":1.0000000000000000000000000000000000001,"b":[1,2]}}""")]
    [InlineData("""{"name":"a","notes":{"a":1,"b":[1,2],"c":null}}""")]
    [InlineData("""{"name":"a","notes":{"a":{"b":[1,2]}}}""")]
    public async Task Different_content_is_a_different_request(string other)
    {
        using var client = service.First.As(Role.Client, _user);
        var key = $"{Guid.NewGuid():n}";
        (await Send(client, "/things", key, Json("""{"name":"a","notes":{"a":1,"b":[1,2]}}"""))).Status.ShouldBe(HttpStatusCode.Created);

        (await Send(client, "/things", key, Json(other))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_repeated_key_with_another_address_is_422()
    {
        using var client = service.First.As(Role.Client, _user);

        (await Send(client, "/things/1/touch", "k1", body: null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Send(client, "/things/1/touch", "k1", body: null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Send(client, "/things/2/touch", "k1", body: null)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await Effects()).ShouldBe(1);
    }

    [Fact]
    public async Task Keys_are_separate_for_each_person_and_route()
    {
        using var client = service.First.As(Role.Client, _user);
        using var another = service.First.As(Role.Client, Interlocked.Increment(ref _lastUser));

        var ids = new[] { await Post(client, "k1"), await Post(another, "k1"), await Send(client, "/others", "k1", new { name = "a" }) }
            .Select(answer => answer.Json("id"));

        ids.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Refusals_and_failures_are_rolled_back_and_not_recorded()
    {
        using var client = service.First.As(Role.Client, _user);

        (await Send(client, "/things", "k1", new { name = "a", refuse = true })).ShouldBeProblem(HttpStatusCode.Conflict, "not_enough_points");
        (await Send(client, "/things", "k1", new { name = "a", fail = true })).ShouldBeProblem(HttpStatusCode.InternalServerError, "internal_error");
        (await Effects()).ShouldBe(0);

        (await Post(client, "k1")).Status.ShouldBe(HttpStatusCode.Created);
        (await Effects()).ShouldBe(1);
    }

    [Fact]
    public async Task An_invalid_request_does_not_use_up_its_key()
    {
        using var client = service.First.As(Role.Client, _user);

        (await Post(client, "k1", name: "much too long a name")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await Post(client, "k1")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    public async Task An_invalid_key_is_refused(string key)
    {
        using var client = service.First.As(Role.Client, _user);

        (await Post(client, key)).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
        (await Post(client, new string('k', 256))).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
        (await Post(client, new string('k', 255))).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Calls_without_a_key_all_take_effect()
    {
        using var client = service.First.As(Role.Client, _user);

        await Post(client, key: null);
        await Post(client, key: null);

        (await Effects()).ShouldBe(2);
    }

    [Fact]
    public async Task Different_keys_do_not_wait_for_each_other()
    {
        using var client = service.First.As(Role.Client, _user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(call => Post(client, $"k{call}")));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        (await Effects()).ShouldBe(60);
    }

    [Fact]
    public async Task Keys_are_deleted_after_30_days()
    {
        using var client = service.First.As(Role.Client, _user);
        await Post(client, "k1");

        var later = new FakeTimeProvider(service.First.Clock.GetUtcNow() + TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        await new PurgeOldRequests(service.First.Services.GetRequiredService<NpgsqlDataSource>(), later).Run(Ct);

        (await Post(client, "k1")).Status.ShouldBe(HttpStatusCode.Created);
        (await Effects()).ShouldBe(2);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("k1", "k1")]
    public async Task A_handler_that_names_the_key_gets_it(string? key, string bound)
    {
        using var client = service.First.As(Role.Client, _user);

        var answer = await Send(client, "/keys", key, body: null);

        ((string)answer.Json("key")!).ShouldBe(bound);
        (await Send(client, "/keys", "a b", body: null)).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
        (await Send(client, "/keys", "", body: null)).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
        (await Send(client, "/keys", new string('k', 256), body: null)).ShouldBeProblem(HttpStatusCode.BadRequest, "idempotency_key_invalid");
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private static Task<Answer> Post(HttpClient client, string? key, string name = "a") => Send(client, "/things", key, new { name });

    private static async Task<Answer> Send(HttpClient client, string path, string? key, object? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await Answer.Of(await client.SendAsync(request, Ct), Ct);
    }

    private Task<long> Effects() => service.Database.Scalar<long>($"select count(*) from users.effects where subject = 'user:{_user}'", Ct);
}
