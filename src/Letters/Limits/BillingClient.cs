using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Billing;
using Platform.Contracts.Letters;
using Platform.ServiceDefaults.Web.ServiceTickets;

namespace Platform.Letters.Limits;

/// <summary>Reads a person's quota from Billing, with this service's own ticket.</summary>
internal sealed partial class BillingClient(HttpClient http, IOptions<LettersOptions> options, ILogger<BillingClient> log)
{
    /// <summary>Refusals about the person, which are passed on to the caller. All others are problems between the services.</summary>
    private static readonly ErrorCode[] PassedOn = [BillingErrors.AccountOpening, BillingErrors.AccountNotFound];

    // A missing field must not be read as 0.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <returns>The quota, or the refusal for the caller.</returns>
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
        // Unreachable, cut off, unreadable or too slow; not when the caller has gone away.
        catch (Exception fault) when (
            fault is HttpRequestException or IOException or JsonException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            LogUnavailable(fault.Message);
        }

        return (null, LettersErrors.BillingUnavailable);
    }

    private sealed record Problem(string? Code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not read a quota from billing: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Billing answered {Status} {Code} to a request for a quota.")]
    private partial void LogUnexpected(int status, string? code);
}

internal static class BillingClientExtensions
{
    private const string Service = "billing";

    /// <summary>Takes the address of Billing from <c>services:billing:http:0</c>, which the app host sets.</summary>
    public static void AddBillingClient(this WebApplicationBuilder builder)
    {
        var address = builder.Configuration[$"services:{Service}:http:0"];
        builder.Services.AddSingleton(provider =>
        {
            var client = new HttpClient(new ServiceTicketHandler(provider.GetRequiredService<ServiceTicketIssuer>(), Service)
            {
                // The address may move to another replica, and a dead one must be noticed within the time-out.
                InnerHandler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(2) },
            })
            {
                BaseAddress = new Uri(address ?? throw new InvalidOperationException(
                    $"The setting services:{Service}:http:0 is missing. Set it to the address of billing.")),
                // Each call sets its own deadline.
                Timeout = Timeout.InfiniteTimeSpan,
            };
            return ActivatorUtilities.CreateInstance<BillingClient>(provider, client);
        });
    }
}
