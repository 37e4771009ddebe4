using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Polly;

namespace Platform.Bots.Gateway;

/// <summary>
/// Calls the gateway, with retries. Every call is safe to repeat: those that change something carry an <c>Idempotency-Key</c> or are
/// idempotent. Where a repetition may be refused although the first call succeeded, as with a one-time code, the caller checks the state.
/// </summary>
internal sealed class GatewayHttp(HttpClient http, IOptions<BotsOptions> options, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly TimeSpan _timeout = options.Value.GatewayTimeout;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries = RetryPolicies.Gateway(clock);

    /// <param name="createRequest">Called for each attempt.</param>
    public async Task<T> Send<T>(Func<HttpRequestMessage> createRequest, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(_timeout);
        try
        {
            using var answer = await _retries.ExecuteAsync(
                async attempt =>
                {
                    using var request = createRequest();
                    return await http.SendAsync(request, attempt);
                },
                patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                return await read(answer.Content, patience.Token);
            }

            throw await Refusal(answer, patience.Token);
        }
        catch (HttpRequestException fault)
        {
            throw new GatewayUnavailableException("The gateway cannot be reached.", fault);
        }
        catch (JsonException fault)
        {
            throw new GatewayUnavailableException("The gateway's answer cannot be parsed.", fault);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new GatewayUnavailableException($"The gateway did not answer within {_timeout}.", fault);
        }
    }

    public static async Task<T> ReadJson<T>(HttpContent content, CancellationToken ct) => (await content.ReadFromJsonAsync<T>(Json, ct))!;

    public static HttpRequestMessage Request(HttpMethod method, string path, object? body, string? token)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static async Task<Exception> Refusal(HttpResponseMessage answer, CancellationToken ct)
    {
        // A proxy in between may answer without a problem document.
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var problem = isProblem || answer.StatusCode < HttpStatusCode.InternalServerError ? await answer.Content.ReadFromJsonAsync<Problem>(Json, ct) : null;
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
        {
            return new GatewayUnavailableException($"The gateway answers {(int)answer.StatusCode}.", code: problem?.Code);
        }

        return new GatewayRefusedException(
            problem?.Code ?? $"{(int)answer.StatusCode}", problem?.Detail, answer.Headers.RetryAfter?.Delta, problem?.Errors?.Keys.ToArray() ?? []);
    }

    private sealed record Problem(string? Code, string? Detail, IReadOnlyDictionary<string, string[]>? Errors);
}
