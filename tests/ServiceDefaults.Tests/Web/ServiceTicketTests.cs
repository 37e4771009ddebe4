using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Database;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.ServiceTickets;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

/// <summary>A service called <c>users</c> with a route for the services letters and courses, and one for each role.</summary>
public sealed class ServiceTicketTests : IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestDatabase _database = null!;
    private TestService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _service = await TestService.Start(_database, app =>
        {
            app.MapGet("/internal", Ok<string> (Caller caller) => TypedResults.Ok(caller.Subject)).RequireService("letters", "courses");
            foreach (var role in Enum.GetValues<Role>())
            {
                app.MapGet($"/{role}", Ok<string> (Caller caller) => TypedResults.Ok(caller.Subject)).RequireRole(role);
            }
        }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_service_ticket_authenticates_the_service_that_issued_it()
    {
        var answer = await Get("/internal", Ticket(from: "letters"));

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        answer.Body.ShouldBe("\"service:letters\"");
        (await Get("/internal", Ticket(from: "courses"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_service_that_the_route_does_not_list_is_refused()
    {
        (await Get("/internal", Ticket(from: "loyalty"))).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_ticket_is_only_valid_at_the_service_it_was_issued_for()
    {
        (await Get("/internal", Ticket(from: "letters", to: "billing"))).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_ticket_is_valid_for_five_minutes()
    {
        var ticket = Ticket(from: "letters");

        _service.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        (await Get("/internal", ticket)).Status.ShouldBe(HttpStatusCode.OK);

        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Get("/internal", ticket)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Tokens_of_people_are_refused_at_routes_for_services()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            using var client = _service.As(role);
            (await Answer.Of(await client.GetAsync("/internal", Ct), Ct)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task Service_tickets_are_refused_at_routes_for_people()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            (await Get($"/{role}", Ticket(from: "letters"))).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Fact]
    public async Task A_call_without_a_valid_ticket_is_401()
    {
        var good = Ticket(from: "letters");
        foreach (var ticket in new[] { null, "", "garbage", good[..^4], good + "AAAA", $"A{good[1..]}" })
        {
            var answer = await Get("/internal", ticket);

            answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            answer.Header("WWW-Authenticate").ShouldBe("Bearer");
        }
    }

    [Fact]
    public async Task A_client_that_carries_tickets_renews_them()
    {
        using var anyone = _service.Anyone;
        using var client = new HttpClient(new ServiceTicketHandler(Issuer("letters"), "users") { InnerHandler = new SocketsHttpHandler() })
        {
            BaseAddress = anyone.BaseAddress,
        };

        (await client.GetAsync("/internal", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _service.Clock.Advance(TimeSpan.FromMinutes(10));
        (await client.GetAsync("/internal", Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private string Ticket(string from, string to = "users") => Issuer(from).IssueFor(to);

    private ServiceTicketIssuer Issuer(string service) =>
        new(new ServiceName(service), _service.Services.GetRequiredService<IDataProtectionProvider>(), _service.Clock);

    private async Task<Answer> Get(string path, string? ticket)
    {
        using var client = _service.Anyone;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (ticket is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {ticket}");
        }

        return await Answer.Of(await client.SendAsync(request, Ct), Ct);
    }
}
