using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.Contracts.Letters;
using Platform.ServiceDefaults.Web.ServiceTickets;

namespace Platform.Letters.Limits;

/// <summary>Asks billing what a person's plan allows, with this service's own ticket.</summary>
internal sealed partial class BillingClient(HttpClient http, IOptions<LettersOptions> options, ILogger<BillingClient> log)
{
    /// <summary>What billing says of the person himself; anything else that it refuses is between the services.</summary>
    private static readonly ErrorCode[] PassedOn = [BillingErrors.AccountOpening, BillingErrors.AccountNotFound];

    // What billing leaves out must not be read as 0.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <returns>The quota, or the refusal that tells the person why there is none.</returns>
    public async Task<(LetterQuota? Quota, ErrorCode? Refusal)> GetQuota(UserId userId, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Value.BillingTimeout);
        try
        {
            using var answer = await http.GetAsync($"internal/billing/quota/{userId}", deadline.Token);
            if (answer.StatusCode == HttpStatusCode.OK && await answer.Content.ReadFromJsonAsync<LetterQuota>(Json, deadline.Token) is { } quota)
            {
                return (quota, null);
            }

            var problem = await answer.Content.ReadFromJsonAsync<Problem>(Json, deadline.Token);
            if (PassedOn.FirstOrDefault(refusal => refusal.Code == problem?.Code) is { } passedOn)
            {
                return (null, passedOn);
            }

            LogUnexpected((int)answer.StatusCode, problem?.Code);
        }
        // Not reached, broken off, not understood, or out of time; but not the caller who went away.
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            LogUnavailable(fault.Message);
        }

        return (null, LettersErrors.BillingUnavailable);
    }

    private sealed record Problem(string? Code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Billing did not say what a plan allows: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Billing answered {Status} {Code} when asked what a plan allows.")]
    private partial void LogUnexpected(int status, string? code);
}

internal static class BillingClientExtensions
{
    private const string Service = "billing";

    /// <summary>Where billing listens: <c>services:billing:http:0</c>, as the app host sets it.</summary>
    public static void AddBillingClient(this WebApplicationBuilder builder)
    {
        var address = builder.Configuration[$"services:{Service}:http:0"];
        builder.Services.AddSingleton(provider =>
        {
            var client = new HttpClient(new CarryServiceTicket(provider.GetRequiredService<ServiceTicketIssuer>(), Service)
            {
                // An address may come to mean another replica, and one that is gone must be noticed within the time-out.
                InnerHandler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(2) },
            })
            {
                BaseAddress = new Uri(address ?? throw new InvalidOperationException($"services:{Service}:http:0 is missing: where billing listens.")),
                // Each call has a time-out of its own.
                Timeout = Timeout.InfiniteTimeSpan,
            };
            return ActivatorUtilities.CreateInstance<BillingClient>(provider, client);
        });
    }
}
