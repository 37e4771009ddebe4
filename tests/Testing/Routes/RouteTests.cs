using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.ServiceTickets;
using Shouldly;
using Xunit;

namespace Platform.Testing.Routes;

/// <summary>Rules for every route of every service, tested from the service's list of routes.</summary>
/// <remarks>
/// <c>TRoutes</c> is the test class itself: <c>RoutesTests(LoyaltyApp app) : RouteTests&lt;LoyaltyApp, Program,
/// RoutesTests&gt;(app), IRoutes&lt;LoyaltyApp&gt;</c>.
/// </remarks>
[SuppressMessage("Design", "CA1000", Justification = "xUnit reads the data of its theories from static members.")]
public abstract class RouteTests<TApp, TProgram, TRoutes>(TApp app) : IClassFixture<TApp>
    where TApp : ServiceApp<TProgram>
    where TProgram : class
    where TRoutes : IRoutes<TApp>
{
    /// <summary>The largest allowed size; the rest of the body exceeds it.</summary>
    private const int TooLarge = 1024 * 1024;

    /// <summary>For a route with hardly any input.</summary>
    private const int FewCases = 20;

    private static readonly string Snapshot = Repository.PathOf("tests", typeof(TRoutes).Assembly.GetName().Name!, "openapi.json");

    private static readonly JsonSerializerOptions SnapshotJson = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Tables that only handlers of events write, at some time after the call.</summary>
    protected virtual IReadOnlyList<string> WrittenByHandlers => ["inbox"];

    public static TheoryData<string> All => Where(_ => true);

    public static TheoryData<string> Guarded => Where(route => route.Role is not null);

    public static TheoryData<string> WithOwner => Where(route => route.OwnedByAnother.Count > 0);

    public static TheoryData<string> WithBody => Where(route => route.TakesBody);

    public static TheoryData<string> WithKey => Where(route => route.TakesKey);

    public static TheoryData<string> WithKeyAndContent => Where(route => route.TakesKey && (route.TakesBody || route.HasId));

    [Fact]
    public void Every_route_is_on_the_list()
    {
        var mapped = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is { } pattern
                && (pattern.StartsWith("/api/", StringComparison.Ordinal) || pattern.StartsWith("/internal/", StringComparison.Ordinal)))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        TRoutes.Routes.Select(route => route.ToString()).ShouldBe(mapped, ignoreOrder: true);
    }

    [RouteTheory]
    [MemberData(nameof(Guarded))]
    public async Task A_call_without_a_token_is_refused(string route)
    {
        var answer = await CallWithoutContent(Named(route), app.Anonymous);

        answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [RouteTheory]
    [MemberData(nameof(Guarded))]
    public async Task A_call_with_a_lower_role_is_refused(string route)
    {
        var named = Named(route);

        foreach (var role in People().Where(role => role < named.Role))
        {
            var answer = await CallWithoutContent(named, As(role));
            // Routes for services do not accept people's tokens at all.
            answer.ShouldBeProblem(
                named.Role == Role.Service ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden,
                named.Role == Role.Service ? "unauthenticated" : "forbidden");
        }
    }

    [RouteTheory]
    [MemberData(nameof(Guarded))]
    public async Task A_service_ticket_is_refused_on_routes_for_people_or_other_services(string route)
    {
        var ticket = app.Services.GetRequiredService<ServiceTicketIssuer>().IssueFor(app.Service);

        var answer = await CallWithoutContent(Named(route), app.First.Client(ticket));

        answer.Status.ShouldBe(Named(route).Role == Role.Service ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized, answer.Body);
    }

    [RouteTheory]
    [MemberData(nameof(All))]
    public async Task A_call_with_the_required_role_succeeds(string route)
    {
        var answer = await Send(Named(route), await Named(route).Call(app));

        ShouldBeSuccess(answer);
    }

    [RouteTheory]
    [MemberData(nameof(Guarded))]
    public async Task A_call_with_a_higher_role_is_authorized_unless_the_route_is_for_registered_people(string route)
    {
        var named = Named(route);

        foreach (var role in People().Where(role => role > named.Role))
        {
            var answer = await CallWithoutContent(named, As(role));
            answer.Status.ShouldNotBe(HttpStatusCode.Unauthorized, answer.Body);
            (answer.Status == HttpStatusCode.Forbidden).ShouldBe(named.NeedsPerson && role >= Role.Staff, answer.Body);
        }
    }

    [RouteTheory]
    [MemberData(nameof(WithOwner))]
    public async Task An_object_of_another_person_is_not_found(string route)
    {
        foreach (var prepare in Named(route).OwnedByAnother)
        {
            var answer = await Send(Named(route), await prepare(app));

            answer.Status.ShouldBe(HttpStatusCode.NotFound, answer.Body);
            answer.IsProblem.ShouldBeTrue(answer.Body);
        }
    }

    [RouteTheory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_with_an_unknown_field_is_refused(string route)
    {
        var call = await Named(route).Call(app);
        var body = BodyOf(call);
        body["unknownField"] = true;

        var answer = await Send(Named(route), call with { Body = body });

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "body_invalid");
        answer.Json("errors.unknownField").ShouldNotBeNull(answer.Body);
    }

    [RouteTheory]
    [MemberData(nameof(WithBody))]
    public async Task A_body_that_is_too_large_is_refused(string route)
    {
        var call = await Named(route).Call(app);
        var body = BodyOf(call);
        body["padding"] = new string('x', TooLarge);

        var answer = await Send(Named(route), call with { Body = body });

        answer.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [RouteTheory]
    [MemberData(nameof(WithKey))]
    public async Task A_repeated_idempotency_key_returns_the_first_answer(string route)
    {
        var (call, key) = (await Named(route).Call(app), NewKey());

        var first = await Send(Named(route), call, key);
        var again = await Send(Named(route), call, key);

        ShouldBeSuccess(first);
        Essence(again).ShouldBe(Essence(first));
    }

    [RouteTheory]
    [MemberData(nameof(WithKeyAndContent))]
    public async Task An_idempotency_key_of_another_request_is_refused(string route)
    {
        var (call, key) = (await Named(route).Call(app), NewKey());
        var other = await Named(route).Call(app) with { Caller = call.Caller };
        (other.Id, JsonSerializer.Serialize(other.Body)).ShouldNotBe((call.Id, JsonSerializer.Serialize(call.Body)), "The list gives the same call twice.");

        ShouldBeSuccess(await Send(Named(route), call, key));
        var answer = await Send(Named(route), other, key);

        answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [RouteTheory]
    [MemberData(nameof(WithKey))]
    public async Task Fifty_concurrent_calls_with_one_idempotency_key_take_effect_once(string route)
    {
        var named = Named(route);
        var (once, fiftyTimes, key) = (await named.Call(app), await named.Call(app), NewKey());

        var ofOne = await RowsAddedBy(() => Send(named, once, NewKey()));
        Answer[] answers = [];
        var ofFifty = await RowsAddedBy(async () => answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Send(named, fiftyTimes, key))));

        ShouldBeSuccess(answers[0]);
        answers.Select(Essence).Distinct().ShouldHaveSingleItem();
        ofFifty.ShouldBe(ofOne);
    }

    /// <summary>A failure shows the request, the answer and FsCheck's seed, to be repeated with <c>Config.WithReplay</c>.</summary>
    [RouteTheory]
    [MemberData(nameof(All))]
    public async Task Malformed_input_is_never_answered_with_a_server_error(string route)
    {
        var named = Named(route);
        var queries = named.IsPublic ? QueriesOf(OperationOf(named, await Document())) : [];
        var call = await named.Call(app);
        var cases = named.TakesBody || named.HasId || queries.Count > 0 ? 100 : FewCases;

        await Task.Run(
            () => Check.One(
                Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(cases),
                Prop.ForAll(Malformation.OfRoute(named, queries).ToArbitrary(), malformation => Withstands(malformation).GetAwaiter().GetResult())),
            Ct);

        async Task Withstands(Malformation malformation)
        {
            using var request = Request(named, call, malformation);
            using var response = await call.Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            var answer = await Answer.Of(response, Ct);
            var what = $"{await Describe(request)}\nwas answered {(int)answer.Status} {answer.Body}";

            if ((int)answer.Status >= 400)
            {
                answer.IsProblem.ShouldBeTrue(what);
                var isBroken = answer.Status >= HttpStatusCode.InternalServerError && (string?)answer.Json("code") != named.PendingCode;
                isBroken.ShouldBeFalse(what);
            }
            else if (named.Method != HttpMethods.Get)
            {
                // A successful call may not be repeatable.
                call = await named.Call(app);
            }
        }
    }

    /// <summary>Migrations run while services serve, so statements prepared on pooled connections must keep working.</summary>
    [Fact]
    public async Task Columns_added_and_dropped_while_the_service_runs_break_no_route()
    {
        // Often enough for pooled connections to prepare their statements.
        for (var call = 0; call < 4; call++)
        {
            await CallEach("before");
        }

        await ChangeEachTable("add column probe int");
        await CallEach("with the added column");
        await ChangeEachTable("drop column probe");
        await CallEach("after dropping it");

        async Task CallEach(string when)
        {
            foreach (var route in TRoutes.Routes)
            {
                var answer = await Send(route, await route.Call(app), route.TakesKey ? NewKey() : null);
                ((int)answer.Status).ShouldBeInRange(200, 299, $"{route} {when}: {answer.Body}");
            }
        }

        async Task ChangeEachTable(string change)
        {
            var tables = await app.Database.Column<string>(
                """
                select oid::regclass::text from pg_class
                where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition and relname !~ '^__' order by 1
                """,
                Ct, app.Service);
            tables.Count.ShouldBeGreaterThanOrEqualTo(5);
            foreach (var table in tables)
            {
                await app.Database.Execute($"alter table {table} {change}", Ct);
            }
        }
    }

    [Fact]
    public async Task Every_public_route_is_documented_with_summary_examples_and_refusals()
    {
        var document = await Document();

        Operations(document).Select(operation => operation.Name).ShouldBe(
            TRoutes.Routes.Where(route => route.IsPublic).Select(NameInDocument), ignoreOrder: true);
        foreach (var route in TRoutes.Routes.Where(route => route.IsPublic))
        {
            var (operation, name) = (OperationOf(route, document), route.ToString());
            operation["summary"].ShouldNotBeNull(name);
            (operation["requestBody"] is not null).ShouldBe(route.TakesBody, name);
            ParametersOf(operation).Any(parameter => (string)parameter["name"]! == Idempotency.Header).ShouldBe(route.TakesKey, name);
            (operation["security"] is not null).ShouldBe(route.Role is not null, name);
            var success = operation["responses"]!.AsObject().Single(response => response.Key.StartsWith('2')).Value!;
            foreach (var content in ContentsOf(operation["requestBody"]).Concat(ContentsOf(success)).Where(content => HasFields(content, document)))
            {
                content["example"].ShouldNotBeNull(name);
            }

            var canBeRefused = route.Role is not null || route.TakesBody || route.HasId || QueriesOf(operation).Count > 0;
            operation["responses"]!.AsObject().Any(response => response.Key.StartsWith('4')).ShouldBe(canBeRefused, name);
        }
    }

    [Fact]
    public async Task Ids_have_named_types_in_the_documentation()
    {
        var bare = FieldsOf(await Document())
            .Where(field => field.Name is "id" or "ids" || field.Name.EndsWith("Id", StringComparison.Ordinal)
                || field.Name.EndsWith("Ids", StringComparison.Ordinal))
            .Where(field => field.Schema.ToJsonString().Contains("int64", StringComparison.Ordinal))
            .Select(field => $"{field.Name}: {field.Schema.ToJsonString()}");

        bare.ShouldBeEmpty("Every id must refer to the schema of its type.");
    }

    /// <summary>Shows changes of the public contract in the commit.</summary>
    [Fact]
    public async Task The_documentation_matches_the_snapshot_in_the_repository()
    {
        var now = (await Document()).ToJsonString(SnapshotJson) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(Snapshot, now, Ct);
        }

        var known = File.Exists(Snapshot) ? await File.ReadAllTextAsync(Snapshot, Ct) : "";
        (known == now).ShouldBeTrue(
            $"{Path.GetRelativePath(Repository.Root, Snapshot)} differs. If callers can accept the change, run this test with UPDATE_SNAPSHOTS=1.\n{Difference(known, now)}");
    }

    private static TheoryData<string> Where(Func<Route<TApp>, bool> which) => [.. TRoutes.Routes.Where(which).Select(route => route.ToString())];

    private static Route<TApp> Named(string name) => TRoutes.Routes.Single(route => route.ToString() == name);

    private static IEnumerable<Role> People() => [Role.Guest, Role.Client, Role.Staff, Role.Admin];

    private static string NewKey() => Guid.NewGuid().ToString();

    // Ids that do not exist.
    private HttpClient As(Role role) => role switch
    {
        Role.Guest => app.Guest(new TelegramId(8_000_000_001)),
        Role.Client => app.Client(new UserId(8_000_000_001)),
        Role.Staff => app.Staff(new StaffId(8_000_000_001)),
        _ => app.Admin(new StaffId(8_000_000_001)),
    };

    // Authorization comes before validation, so the content does not matter.
    private static Task<Answer> CallWithoutContent(Route<TApp> route, HttpClient caller) =>
        Send(route, new Call(caller, Id: 8_000_000_001, Body: route.TakesBody ? new { } : null));

    private static async Task<Answer> Send(Route<TApp> route, Call call, string? key = null)
    {
        using var request = Request(route, call, new Malformation(Id: null, Query: null, Keys: key is null ? [] : [key], Body: null, "application/json"));
        // A body that is too large is refused before it is sent.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > TooLarge;
        using var response = await call.Caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        return await Answer.Of(response, Ct);
    }

    private static HttpRequestMessage Request(Route<TApp> route, Call call, Malformation malformation)
    {
        var query = malformation.Query ?? call.Query;
        var address = route.Address(malformation.Id ?? $"{call.Id}") + (query is null ? "" : $"?{query}");
        var request = new HttpRequestMessage(new HttpMethod(route.Method), address);
        foreach (var key in malformation.Keys)
        {
            request.Headers.TryAddWithoutValidation(Idempotency.Header, key);
        }

        if (call.Header is var (name, value))
        {
            request.Headers.Add(name, value);
        }

        var valid = call.Body is null ? null : JsonSerializer.SerializeToUtf8Bytes(call.Body, JsonSerializerOptions.Web);
        if ((malformation.Body is { } change ? change.Of(valid ?? []) : valid) is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", malformation.ContentType);
        }

        return request;
    }

    private static async Task<string> Describe(HttpRequestMessage request)
    {
        request.Headers.TryGetValues(Idempotency.Header, out var keys);
        var body = request.Content is { } content ? $"{content.Headers}{Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(Ct))}" : "without a body";
        return $"{request.Method} {request.RequestUri?.OriginalString}\n{string.Join('\n', (keys ?? []).Select(key => $"{Idempotency.Header}: {key}"))}\n{body}";
    }

    private static JsonObject BodyOf(Call call) => JsonSerializer.SerializeToNode(call.Body, JsonSerializerOptions.Web)!.AsObject();

    private static (HttpStatusCode, string, string?) Essence(Answer answer) => (answer.Status, answer.Body, answer.Location);

    private static void ShouldBeSuccess(Answer answer) => ((int)answer.Status).ShouldBeInRange(200, 299, answer.Body);

    /// <summary>How many rows each table gained, except the outbox, which the relay empties, and the inbox, where late events may arrive.</summary>
    private async Task<string> RowsAddedBy(Func<Task> act)
    {
        var before = await Rows();
        await act();
        return string.Join('\n', (await Rows()).Where(table => table.Value != before[table.Key])
            .Select(table => $"{table.Key}: {table.Value - before[table.Key]}"));
    }

    private async Task<IReadOnlyDictionary<string, long>> Rows()
    {
        var counts = await app.Database.Column<string>(
            """
            select relname || ' ' || (xpath('/row/count/text()', query_to_xml(format('select count(*) from %s', oid::regclass), false, true, '')))[1]::text
            from pg_class
            where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'outbox' and relname <> all ($2)
            order by relname
            """,
            Ct, app.Service, WrittenByHandlers.ToArray());
        return counts.Select(count => count.Split(' ')).ToDictionary(count => count[0], count => long.Parse(count[1], CultureInfo.InvariantCulture));
    }

    private async Task<JsonNode> Document()
    {
        var document = JsonNode.Parse(await app.Anonymous.GetStringAsync("/openapi/v1.json", Ct))!;
        // The server's address differs in each run.
        document.AsObject().Remove("servers");
        return document;
    }

    private static IEnumerable<(string Name, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value!);

    private static string NameInDocument(Route<TApp> route) => $"{route.Method.ToLowerInvariant()} {route.Pattern.TrimEnd('/')}";

    private static JsonNode OperationOf(Route<TApp> route, JsonNode document) =>
        Operations(document).Single(operation => operation.Name == NameInDocument(route)).Operation;

    private static IEnumerable<JsonNode> ContentsOf(JsonNode? body) =>
        body?["content"] is JsonObject contents ? contents.Select(content => content.Value!) : [];

    // A record without fields has no example.
    private static bool HasFields(JsonNode content, JsonNode document) =>
        (string?)content["schema"]?["$ref"] is not { } reference || document["components"]!["schemas"]![reference.Split('/')[^1]]!["properties"] is not null;

    private static IEnumerable<JsonNode> ParametersOf(JsonNode operation) => (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!);

    private static IReadOnlyList<string> QueriesOf(JsonNode operation) =>
        [.. ParametersOf(operation).Where(parameter => (string?)parameter["in"] == "query").Select(parameter => (string)parameter["name"]!)];

    /// <summary>The fields of bodies and the parameters, with their schemas.</summary>
    private static IEnumerable<(string Name, JsonNode Schema)> FieldsOf(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(FieldsOf),
        JsonObject members =>
        [
            .. members["properties"] is JsonObject properties ? properties.Select(property => (property.Key, property.Value!)) : [],
            .. members["in"] is not null && members["schema"] is { } schema ? [((string)members["name"]!, schema)] : Array.Empty<(string, JsonNode)>(),
            .. members.SelectMany(member => FieldsOf(member.Value)),
        ],
        _ => [],
    };

    /// <summary>The lines between the first and the last difference, 15 at most.</summary>
    private static string Difference(string known, string now)
    {
        const int Most = 15;
        var (before, after) = (known.Split('\n'), now.Split('\n'));
        var same = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var sameAtEnd = before.Reverse().Zip(after.Reverse()).Take(Math.Min(before.Length, after.Length) - same)
            .TakeWhile(pair => pair.First == pair.Second).Count();
        var difference = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"From line {same + 1} on:");
        foreach (var (sign, lines) in new[] { ('-', before), ('+', after) })
        {
            var differing = lines[same..^sameAtEnd];
            difference.AppendJoin('\n', differing.Take(Most).Select(line => $"{sign} {line}"))
                .AppendLine(differing.Length > Most ? $"\n{sign} and {differing.Length - Most} more lines" : "");
        }

        return difference.ToString();
    }
}
