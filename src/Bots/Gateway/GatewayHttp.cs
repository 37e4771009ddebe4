using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace Platform.Bots.Gateway;

/// <summary>
/// Calls of the gateway. All of them may be repeated, since those that change something carry an <c>Idempotency-Key</c> or leave
/// the same done twice as once; so what fails in passing is tried again before the person hears of it. Where a repetition is refused
/// though the first try was done, as with a code that is good once, the caller looks at what is.
/// </summary>
internal sealed class GatewayHttp
{
    /// <summary>Of a call that was not answered, or not properly.</summary>
    private const int Repetitions = 2;

    /// <summary>Of a call that is told when to come again, such as one for an account that is being opened.</summary>
    private const int RepetitionsWhenAsked = 8;

    /// <summary>Nobody is kept waiting longer than that for another try; he is told instead.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly ResiliencePipeline<HttpResponseMessage> _repeat;

    public GatewayHttp(HttpClient http, IOptions<BotsOptions> options, TimeProvider clock)
    {
        _http = http;
        _timeout = options.Value.GatewayTimeout;
        _repeat = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = RepetitionsWhenAsked,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result?.Headers.RetryAfter is not null
                    ? IsPassing(attempt.Outcome.Result)
                    : attempt.AttemptNumber < Repetitions
                        && (attempt.Outcome.Exception is HttpRequestException || (attempt.Outcome.Result is { } answer && IsPassing(answer)))),
                DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result?.Headers.RetryAfter?.Delta),
                OnRetry = attempt =>
                {
                    attempt.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <param name="describe">Makes the request: each try needs one of its own.</param>
    /// <param name="read">Reads the body of a success.</param>
    /// <exception cref="GatewayRefusedException">It was refused.</exception>
    /// <exception cref="GatewayAwayException">No proper answer came.</exception>
    public async Task<T> Send<T>(Func<HttpRequestMessage> describe, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(_timeout);
        try
        {
            using var answer = await _repeat.ExecuteAsync(
                async attempt =>
                {
                    using var request = describe();
                    return await _http.SendAsync(request, attempt);
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
            throw new GatewayAwayException("The gateway cannot be reached.", fault);
        }
        catch (JsonException fault)
        {
            throw new GatewayAwayException("The gateway's answer cannot be read.", fault);
        }
        catch (OperationCanceledException fault) when (!ct.IsCancellationRequested)
        {
            throw new GatewayAwayException($"The gateway did not answer within {_timeout}.", fault);
        }
    }

    public static async Task<T> ReadJson<T>(HttpContent content, CancellationToken ct) => (await content.ReadFromJsonAsync<T>(Json, ct))!;

    public static HttpRequestMessage Request(HttpMethod method, string path, object? body, string? token)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static bool IsPassing(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
        && !(answer.Headers.RetryAfter?.Delta > LongestWait);

    private static async Task<Exception> Refusal(HttpResponseMessage answer, CancellationToken ct)
    {
        // A proxy in between may answer by itself, and not with a problem.
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var problem = isProblem || answer.StatusCode < HttpStatusCode.InternalServerError ? await answer.Content.ReadFromJsonAsync<Problem>(Json, ct) : null;
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
        {
            return new GatewayAwayException($"The gateway answers {(int)answer.StatusCode}.", code: problem?.Code);
        }

        return new GatewayRefusedException(
            problem?.Code ?? $"{(int)answer.StatusCode}", problem?.Detail, answer.Headers.RetryAfter?.Delta, problem?.Errors?.Keys.ToArray() ?? []);
    }

    private sealed record Problem(string? Code, string? Detail, IReadOnlyDictionary<string, string[]>? Errors);
}
