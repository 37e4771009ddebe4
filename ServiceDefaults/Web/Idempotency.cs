using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Web;

public static class Idempotency
{
    public const string Header = "Idempotency-Key";

    /// <summary>With an <c>Idempotency-Key</c>, a repetition by the same caller returns the recorded response and does nothing.</summary>
    /// <remarks>
    /// The handler runs inside a transaction of <typeparamref name="TDb"/> that holds the key, and its success is recorded
    /// there: do not begin another transaction, and write through this DbContext only. Any non-2xx response rolls
    /// back all that the handler did and is not recorded, so that the next try starts from nothing. A second call with the key
    /// waits for the first. Without the header, or a caller, the handler simply runs.
    /// </remarks>
    public static RouteHandlerBuilder Idempotent<TDb>(this RouteHandlerBuilder endpoint) where TDb : DbContext =>
        endpoint.AddEndpointFilter(RunOnce<TDb>.Invoke).AcceptsIdempotencyKey();

    /// <summary>Documents that this endpoint takes an <see cref="IdempotencyKey"/> and looks it up itself.</summary>
    public static TBuilder AcceptsIdempotencyKey<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new TakesIdempotencyKey());

    /// <summary>Whether it can be a key: 1 to 255 visible ASCII characters.</summary>
    internal static bool IsKey(string text) => text.Length is >= 1 and <= 255 && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    internal sealed record TakesIdempotencyKey;

    private static class RunOnce<TDb> where TDb : DbContext
    {
        public static async ValueTask<object?> Invoke(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            var http = context.HttpContext;
            var header = http.Request.Headers[Header];
            if (header.Count == 0 || Caller.Of(http) is not { } caller)
            {
                return await next(context);
            }

            if (header.Count > 1 || header[0] is not { } key || !IsKey(key))
            {
                return Problems.For(PlatformErrors.IdempotencyKeyInvalid);
            }

            var ct = http.RequestAborted;
            var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            var route = $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}";
            var hash = HashOf(context, json);

            // Waiting for the key in the database holds a connection of a small pool, and the request that has the key may
            // need another one to finish. So requests of this process wait here, without a connection.
            using var turn = await http.RequestServices.GetRequiredService<KeyLocks>().Wait((caller.Subject, route, key), ct);

            var db = http.RequestServices.GetRequiredService<TDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var isFirst = await db.Database.ExecuteSqlAsync($"""
                insert into idempotency_keys (subject, route, key, request_hash, created_at)
                values ({caller.Subject}, {route}, {key}, {hash}, {now})
                on conflict do nothing
                """, ct) == 1;
            if (!isFirst)
            {
                var recorded = await db.Database.SqlQuery<Recorded>($"""
                    select request_hash as "RequestHash", status as "Status", location as "Location", response as "Response" from idempotency_keys
                    where subject = {caller.Subject} and route = {route} and key = {key}
                    """).SingleAsync(ct);
                return recorded.RequestHash.AsSpan().SequenceEqual(hash) ? recorded : Problems.For(PlatformErrors.IdempotencyKeyReused);
            }

            var result = await next(context);
            var (status, location, value) = Read(result);
            if (status is < 200 or > 299)
            {
                await transaction.RollbackAsync(ct);
                return result;
            }

            var response = value is null ? null : JsonSerializer.Serialize(value, json);
            await db.Database.ExecuteSqlAsync($"""
                update idempotency_keys set status = {status}, location = {location}, response = {response}::json
                where subject = {caller.Subject} and route = {route} and key = {key}
                """, ct);
            await transaction.CommitAsync(ct);
            return result;
        }

        // What was asked, not how it was typed: the values in the address, and the body as it was understood.
        private static byte[] HashOf(EndpointFilterInvocationContext context, JsonSerializerOptions json)
        {
            var http = context.HttpContext;
            var bodyType = http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
            return RequestHash.Of(
                new
                {
                    Address = http.Request.RouteValues.ToDictionary(value => value.Key, value => $"{value.Value}"),
                    Query = http.Request.Query.ToDictionary(value => value.Key, value => value.Value.ToArray()),
                    Body = context.Arguments.FirstOrDefault(argument => argument is not null && argument.GetType() == bodyType),
                },
                json);
        }

        private static (int Status, string? Location, object? Value) Read(object? result)
        {
            while (result is INestedHttpResult nested)
            {
                result = nested.Result;
            }

            return result switch
            {
                IStatusCodeHttpResult answer => (
                    answer.StatusCode ?? StatusCodes.Status200OK,
                    // Created<T> and Accepted<T> have it, and no interface says so.
                    result.GetType().GetProperty("Location")?.GetValue(result) as string,
                    (result as IValueHttpResult)?.Value),
                IResult => throw new InvalidOperationException($"{result.GetType().Name} cannot be recorded for its Idempotency-Key: answer with a value."),
                _ => (StatusCodes.Status200OK, null, result),
            };
        }
    }

    private sealed record Recorded(byte[] RequestHash, int Status, string? Location, string? Response) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = Status;
            if (Location is not null)
            {
                httpContext.Response.Headers.Location = Location;
            }

            if (Response is not null)
            {
                httpContext.Response.ContentType = "application/json; charset=utf-8";
                await httpContext.Response.WriteAsync(Response, httpContext.RequestAborted);
            }
        }
    }
}

public static class IdempotencyKeys
{
    /// <remarks><c>response</c> is <c>json</c> and not <c>jsonb</c>: a repetition gets the same text, in the same order.</remarks>
    public const string Sql = """
        create table idempotency_keys (
            subject text not null,
            route text not null,
            key text not null constraint ck_idempotency_keys_key check (length(key) between 1 and 255),
            request_hash bytea not null,
            status int,
            location text,
            response json,
            created_at timestamptz not null,
            primary key (subject, route, key)
        );
        create index ix_idempotency_keys_created_at on idempotency_keys (created_at);
        """;

    public const string DropSql = "drop table idempotency_keys;";
}

/// <summary>One turn at a time for each key, within this process.</summary>
internal sealed class KeyLocks
{
    private readonly Dictionary<(string Subject, string Route, string Key), Queue> _queues = [];

    public async Task<IDisposable> Wait((string Subject, string Route, string Key) key, CancellationToken ct)
    {
        Queue queue;
        lock (_queues)
        {
            if (!_queues.TryGetValue(key, out queue!))
            {
                _queues.Add(key, queue = new Queue(this, key));
            }

            queue.Length++;
        }

        try
        {
            await queue.Door.WaitAsync(ct);
            return queue;
        }
        catch
        {
            Leave(queue);
            throw;
        }
    }

    private void Leave(Queue queue)
    {
        lock (_queues)
        {
            if (--queue.Length == 0)
            {
                _queues.Remove(queue.Key);
                queue.Door.Dispose();
            }
        }
    }

    private sealed class Queue(KeyLocks turns, (string Subject, string Route, string Key) key) : IDisposable
    {
        public SemaphoreSlim Door { get; } = new(initialCount: 1);

        public (string Subject, string Route, string Key) Key => key;

        public int Length { get; set; }

        public void Dispose()
        {
            Door.Release();
            turns.Leave(this);
        }
    }
}
