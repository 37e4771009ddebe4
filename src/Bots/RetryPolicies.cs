using System.Net;
using Platform.Database;
using Polly;
using Polly.Retry;
using Telegram.Bot.Exceptions;

namespace Platform.Bots;

/// <summary>
/// Everything that the bots retry, and how long they wait in between. When an answer says how long to wait (<c>retry_after</c> of
/// Telegram, <c>Retry-After</c> of the gateway), that replaces the policy's own delay.
/// </summary>
internal static class RetryPolicies
{
    private const int GatewayRetries = 2;

    /// <summary>For a response with <c>Retry-After</c>, such as while an account is being opened.</summary>
    private const int GatewayRetriesOnRequest = 8;

    /// <summary>A longer <c>Retry-After</c> is not waited out: the person gets a message instead.</summary>
    private static readonly TimeSpan LongestGatewayRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Messages to a chat, so that each arrives at least once: 429, 5xx, network faults, and 401, since the token is the same for
    /// the next message. Any other refusal concerns this message alone and is not retried. Unlimited, 0.3 to 10 s apart, with jitter.
    /// </summary>
    /// <param name="onRetry">Runs before each wait.</param>
    public static ResiliencePipeline TelegramMessage(TimeProvider clock, Action onRetry) => Unlimited(
        clock, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(10), useJitter: true, IsTransientForMessage, (_, _) => onRetry());

    /// <summary>Calls that the bot cannot work without, such as <c>getUpdates</c>: any failure. Unlimited, 1 to 15 s apart.</summary>
    /// <param name="onRetry">Runs before each wait.</param>
    public static ResiliencePipeline TelegramPolling(TimeProvider clock, Action<RequestException> onRetry) => Unlimited(
        clock, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), useJitter: false,
        fault => fault is RequestException, (fault, _) => onRetry((RequestException)fault));

    /// <summary>A lost connection, a restart, a deadlock. Unlimited, 1 to 15 s apart.</summary>
    /// <param name="onRetry">Runs before each wait, with its length.</param>
    public static ResiliencePipeline Database(TimeProvider clock, Action<Exception, TimeSpan> onRetry) => Unlimited(
        clock, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), useJitter: false, TransientFaults.IsTransient, onRetry);

    /// <summary>
    /// 500, 502, 503 and network faults: twice. A response with a <c>Retry-After</c> of at most 2 s: eight times. The first delay
    /// is 0.2 s, with jitter; the caller's time-out ends them all.
    /// </summary>
    public static ResiliencePipeline<HttpResponseMessage> Gateway(TimeProvider clock) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = GatewayRetriesOnRequest,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result?.Headers.RetryAfter is not null
                    ? IsTransient(attempt.Outcome.Result)
                    : attempt.AttemptNumber < GatewayRetries
                        && (attempt.Outcome.Exception is HttpRequestException || (attempt.Outcome.Result is { } answer && IsTransient(answer)))),
                DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result?.Headers.RetryAfter?.Delta),
                OnRetry = attempt =>
                {
                    attempt.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static ResiliencePipeline Unlimited(
        TimeProvider clock, TimeSpan firstDelay, TimeSpan maxDelay, bool useJitter, Func<Exception, bool> isTransient, Action<Exception, TimeSpan> onRetry) =>
        new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = useJitter,
                Delay = firstDelay,
                MaxDelay = maxDelay,
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is { } fault && isTransient(fault)),
                DelayGenerator = attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is ApiRequestException { Parameters.RetryAfter: { } seconds } ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null),
                OnRetry = attempt =>
                {
                    onRetry(attempt.Outcome.Exception!, attempt.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static bool IsTransientForMessage(Exception fault) =>
        fault is ApiRequestException refused ? refused.ErrorCode is 401 or 429 or >= 500
        : fault is RequestException { HttpStatusCode: null or >= HttpStatusCode.InternalServerError };

    private static bool IsTransient(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
        && !(answer.Headers.RetryAfter?.Delta > LongestGatewayRetryAfter);
}
